#include "base/address.h"

static bool is_alpha(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_scheme_char(char c)
{
	return is_alpha(c) || is_digit(c) || c == '+' || c == '-' || c == '.';
}

struct str address_scheme(struct str address)
{
	size_t end = str_find_byte(address, ':');

	if (end == address.n || end == 0 || !is_alpha(address.p[0]))
		return STR("");
	for (size_t i = 0; i < end; i++)
		if (!is_scheme_char(address.p[i]))
			return STR("");
	return str_slice(address, 0, end);
}

struct str address_authority(struct str address)
{
	struct str rest = str_slice(address, address_scheme(address).n + 1, address.n);
	size_t end = 0;

	if (!str_starts(rest, STR("//")))
		return STR("");
	rest = str_slice(rest, 2, rest.n);
	while (end < rest.n && !(rest.p[end] && strchr("/?#", rest.p[end])))
		end++;
	return str_slice(rest, 0, end);
}

struct str address_user(struct str address)
{
	struct str host = address_authority(address);
	size_t end = str_after_last(host, '@');

	return str_slice(host, 0, end ? end - 1 : 0);
}

/*
 * A password with a '/' in it ends the authority early: what then stands after the last colon is no port.
 * Brackets hold an IPv6 address.
 */
static bool has_odd_port(struct str host)
{
	size_t at = host.n;

	while (at && host.p[at - 1] != ':' && host.p[at - 1] != ']')
		at--;
	if (at == 0 || host.p[at - 1] == ']')
		return false;
	for (; at < host.n; at++)
		if (!is_digit(host.p[at]))
			return true;
	return false;
}

bool address_has_password(struct str address)
{
	struct str host = address_authority(address), user = address_user(address);

	return str_find_byte(user, ':') != user.n || has_odd_port(host);
}

bool address_is_base(struct str address)
{
	struct str host = address_authority(address), scheme = address_scheme(address);

	for (size_t i = 0; i < address.n; i++) {
		unsigned char c = (unsigned char)address.p[i];

		if (c <= ' ' || c == 0x7F || strchr("\"<>\\^`{|}?#", c))
			return false;
	}
	return (str_is(scheme, "https") || str_is(scheme, "http")) && host.n && !str_after_last(host, '@');
}
