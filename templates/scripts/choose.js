(function () {
	var list = document.getElementById("choose"), wanted = navigator.languages || [navigator.language || ""];
	var i, tag, item;
	function find(tag) {
		for (var n = list.firstElementChild; n; n = n.nextElementSibling)
			if (n.lang.toLowerCase() === tag) return n;
		return null;
	}
	for (i = 0; i < wanted.length && !item; i++)
		for (tag = wanted[i].toLowerCase(); tag && !item; tag = tag.slice(0, Math.max(tag.lastIndexOf("-"), 0)))
			item = find(tag);
	if (!item) return;
	if (/^https?:$/.test(location.protocol) && !location.hash && document.referrer.indexOf(location.protocol + "//" + location.host + "/") !== 0) {
		location.replace(item.querySelector("a").href);
		return;
	}
	item.className = "match";
	list.insertBefore(item, list.firstChild);
})();
