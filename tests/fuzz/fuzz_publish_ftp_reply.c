/* What an FTP server says: what is kept of it can be shown on a terminal. */
#include "action/publish_ftp_reply.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str rest = str_make((const char *)data, size), line;
	struct ftp_reply r = {0};

	while (str_cut(&rest, '\n', &line)) {
		struct str text;

		ftp_reply_hear(&r, line);
		text = str_from(r.text);
		if (r.code < 0 || r.code > 999 || utf8_check(text) != text.n)
			BUG("a reply that is none was taken");
		for (size_t i = 0; i < text.n; i++)
			if ((unsigned char)text.p[i] < ' ')
				BUG("a control character was kept");
	}
	(void)ftp_reply_answer(&r);
	(void)ftp_reply_advice(&r);
	return 0;
}
