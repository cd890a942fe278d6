#include "model/language.h"

struct str language_dir(const struct language *l)
{
	return l->rtl ? STR("rtl") : STR("ltr");
}
