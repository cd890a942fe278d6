/*
 * chromium: Debian's Chromium with nothing of its own on the network, driven by playwright-core.
 */
import fs from 'node:fs';
import { chromium } from 'playwright-core';

const candidates = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/* How long anything may take in the browser before it counts as a fault: long, since a busy machine is none. */
export const PATIENCE_MS = 120_000;

export function launch() {
	return chromium.launch({
		timeout: PATIENCE_MS,
		executablePath: candidates.find((file) => file && fs.existsSync(file)),
		args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
			'--disable-component-update', '--disable-sync', '--disable-dev-shm-usage',
			'--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1'],
	});
}
