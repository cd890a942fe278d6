/*
 * servers: every server of the tests, by name; those that take longest come last.
 *
 * A server's module has `name`; missing(): null, or why it cannot be had on this machine; and
 * start({ certificate, diskBytes, counted, lines }), which resolves to
 *
 *	target({ host, login, … })	{ url, settings, env }: for faktablad.yaml and the environment
 *	store				what lies on the target (store.mjs)
 *	httpAddress			where visitors read it
 *	ports				what a proxy must stand in front of
 *	secrets				what must be seen nowhere
 *	guarantee			'whole': a visitor meets every page whole
 *	scenarios			more of them, of this server alone
 *	log(), stop()
 *	operations()			how many requests there were so far, with start({ counted: true }); not all have it
 *
 * or to { unavailable: why } when this machine does not allow what was asked for.
 */
import * as apache from './apache.mjs';
import * as folder from './folder.mjs';
import * as nginx from './nginx.mjs';
import * as proftpd from './proftpd.mjs';
import * as radosgw from './radosgw.mjs';
import * as sshd from './sshd.mjs';
import * as vsftpd from './vsftpd.mjs';

export const servers = Object.fromEntries([folder, apache, nginx, vsftpd, sshd, proftpd, radosgw].map((module) => [module.name, module]));
