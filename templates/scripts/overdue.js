(function(){var n=document.getElementById("page_overdue");if(n&&Date.now()>Date.parse(n.getAttribute("data-due"))+864e5)n.hidden=false})()
