/*
 * build: what a build does to the disk, seen from outside.
 *
 *	FAKTABLAD=… node tests/build/run.mjs [NAME] [--full]
 *
 * Reproducible whatever surrounds it; all or nothing when it is killed, interrupted or runs out of disk; touches
 * only what changed, removes only what it made, and refuses what is not its own.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { copySite, digest, faktablad, listFiles, program, repository, run, seeded, temporary, treeDigest } from '../lib/program.mjs';
import { Skip, Suite } from '../lib/suite.mjs';
import { BuildSite, buildEndedAt } from './site.mjs';

const KILLS = process.argv.includes('--full') ? 1000 : 100;
const INTERRUPTIONS = 20;
const KILL_SEED = 20261120;
const isRoot = process.getuid() === 0;
const suite = new Suite('build');

const fine = (made) => assert.equal(made.status, 0, made.stdout + made.stderr);

/* One sentence on stderr and nothing else. */
function refusesWithOneSentence(made, status, pattern) {
	assert.equal(made.status, status, made.stdout + made.stderr);
	assert.match(made.stderr, /^[^\n]+\n$/, 'one sentence');
	assert.match(made.stderr, pattern);
}

/* The locale data for names that this machine has no locale for, where Debian's `locales` is installed. */
function localeFolder() {
	const folder = temporary('locales');
	for (const name of ['tr_TR', 'ar_SA']) spawnSync('localedef', ['-i', name, '-f', 'UTF-8', path.join(folder, `${name}.UTF-8`)]);
	return folder;
}

await suite.test('two builds are byte-identical whatever surrounds them', () => {
	const locales = localeFolder();
	const variants = [
		{ args: ['--jobs', '1'], env: { TZ: 'UTC' } },
		{ args: ['--jobs', '2'], env: { TZ: 'Pacific/Kiritimati', LC_ALL: 'tr_TR.UTF-8', LANG: 'tr_TR.UTF-8', LOCPATH: locales } },
		{ args: ['--jobs', '8'], env: { TZ: 'America/St_Johns', LC_ALL: 'ar_SA.UTF-8', LANGUAGE: 'ar', LOCPATH: locales } },
		{ args: [], env: { TZ: 'Asia/Kathmandu', LC_ALL: 'C', LANG: 'sv_SE.ISO-8859-1' }, umask: '077' },
		{ args: [], env: { LC_ALL: 'fa_IR.UTF-8', HOME: '/', TERM: 'xterm', COLUMNS: '20' }, umask: '000', deep: 'a/rather/longer/path than this' },
	];
	const digests = variants.map(({ args, env, umask, deep }) => {
		const root = copySite(path.join(temporary('same'), deep ?? 'x'));
		const command = `umask ${umask ?? '022'} && exec "$0" "$@"`;
		fine(run('sh', ['-c', command, program, '--root', root, 'build', '--quiet', ...args], { env }));
		return treeDigest(path.join(root, 'public'));
	});
	assert.deepEqual(new Set(digests).size, 1, digests.join('\n'));
});

await suite.test('modes do not depend on the umask', () => {
	const root = copySite(temporary('modes'));
	fine(run('sh', ['-c', 'umask 077 && exec "$0" "$@"', program, '--root', root, 'build', '--quiet']));
	const mode = (name) => (fs.statSync(path.join(root, 'public', name)).mode & 0o777).toString(8);
	assert.deepEqual([mode('.'), mode('sv'), mode('index.html'), mode('packs')], ['755', '755', '644', '755']);
});

await suite.test('without SOURCE_DATE_EPOCH the same content still gives the same pages', () => {
	const site = new BuildSite();
	fine(site.build([], { SOURCE_DATE_EPOCH: '1700000000' }));
	const pages = () => listFiles(site.out).filter((name) => /^(sv|en|ar)\/(?!packs).*\.html$/.test(name)).map((name) => fs.readFileSync(site.at(name), 'utf8'));
	const before = pages();
	site.fresh();
	fine(site.build([], { SOURCE_DATE_EPOCH: '1800000000' }));
	assert.deepEqual(pages(), before, 'the build date stands in a page');
});

/* Both texts' sites, and a public/ that holds the first. */
function twoTexts() {
	const site = new BuildSite();
	const digests = {};
	for (const text of ['B', 'A']) {
		site.write(text);
		fine(site.build());
		digests[text] = site.digest();
	}
	assert.notEqual(digests.A, digests.B);
	return { site, digests };
}

const other = (text) => (text === 'A' ? 'B' : 'A');

await suite.test(`${KILLS} kills leave the old site or the new one, whole`, () => {
	const { site, digests } = twoTexts();
	const random = seeded(KILL_SEED);
	let now = 'A', landed = { old: 0, new: 0 };
	site.write('B');
	const whole = buildEndedAt(site, 0);
	if (!whole) throw new Skip('this machine does not allow tracing');
	assert.equal(whole.status, 0, whole.stderr);
	now = 'B';
	for (let i = 0; i < KILLS; i++) {
		const next = other(now);
		site.write(next);
		/* Every third one near the end, where the site is exchanged. */
		const from = i % 3 === 0 ? Math.floor(whole.calls * 0.9) : 0;
		const at = from + 1 + Math.floor(random() * (whole.calls - from));
		const ended = buildEndedAt(site, at);
		const found = site.digest();
		const where = `kill ${i} at change ${at} of about ${whole.calls}`;
		assert.ok(found === digests.A || found === digests.B, `${where}: public/ is neither site (${found})`);
		if (ended.signal === 0) assert.equal(found, digests[next], `${where}: the build ended by itself`);
		now = found === digests.A ? 'A' : 'B';
		landed[now === next ? 'new' : 'old']++;
		/* A build after a kill mends what is left lying about. */
		if (i % 10 === 9) {
			fine(site.build());
			assert.equal(site.digest(), digests[next], `${where}: the next build`);
			now = next;
		}
	}
	assert.ok(landed.old > 0 && landed.new > 0, `all kills on one side of the exchange: ${JSON.stringify(landed)}`);
	site.write('A');
	fine(site.build());
	assert.equal(site.digest(), digests.A);
	const strangers = fs.readdirSync(site.root).filter((name) => !['faktablad.yaml', 'content', 'locales', 'templates', 'public', '.faktablad-public'].includes(name));
	assert.deepEqual(strangers, [], 'left beside public/');
});

await suite.test(`${INTERRUPTIONS} times Ctrl-C leaves the old site or the new one, whole`, () => {
	const { site, digests } = twoTexts();
	const random = seeded(KILL_SEED + 1);
	site.write('B');
	const whole = buildEndedAt(site, 0, 2);
	if (!whole) throw new Skip('this machine does not allow tracing');
	let now = 'B';
	for (let i = 0; i < INTERRUPTIONS; i++) {
		const next = other(now);
		site.write(next);
		const ended = buildEndedAt(site, 1 + Math.floor(random() * whole.calls), 2);
		assert.ok(ended.signal === 2 || [0, 2, 130].includes(ended.status), `left with ${ended.status}, signal ${ended.signal}: ${ended.stderr}`);
		const found = site.digest();
		assert.ok(found === digests.A || found === digests.B, `public/ is neither site (${found})`);
		now = found === digests.A ? 'A' : 'B';
	}
});

/* Runs a shell command where a tmpfs of `size` can be mounted: as root, or in a user namespace. */
function withSmallDisk(size, script, args) {
	const folder = temporary('disk');
	const inside = `mount -t tmpfs -o size=${size} tmpfs "$0" && cd "$0" && { ${script}\n}; status=$?; cd /; umount "$0"; exit $status`;
	for (const prefix of isRoot ? [['unshare', '-m'], ['unshare', '-rm']] : [['unshare', '-rm']]) {
		const trial = run(prefix[0], [...prefix.slice(1), 'sh', '-c', 'mount -t tmpfs tmpfs "$0"', folder]);
		if (trial.status === 0) return run(prefix[0], [...prefix.slice(1), 'sh', '-c', inside, folder, ...args]);
	}
	throw new Skip('no rights to mount a small disk here');
}

await suite.test('a full disk leaves the old site', () => {
	const site = new BuildSite();
	site.write('A');
	/* Built once with room; then all but 40 kB is filled, and the text changes. */
	const script = `
		cp -r "$2/." . && "$1" build --quiet >/dev/null || exit 90
		find public -type f -exec sha256sum {} + | sort >before
		for i in 1 2 3 4 5 6 7 8 9; do sed "s/Prov A/Prov $i/" content/sv/prov.md >content/sv/prov$i.md; done
		head -c 40000 /dev/zero >reserve; cat /dev/zero >filler 2>/dev/null; rm reserve
		"$1" build --quiet >out 2>/dev/shm/faktablad-full-disk.$$; status=$?
		cat /dev/shm/faktablad-full-disk.$$ >&2; rm -f /dev/shm/faktablad-full-disk.$$
		[ $status -eq 2 ] || { echo "left with $status" >&2; exit 91; }
		rm filler; find public -type f -exec sha256sum {} + | sort >after
		cmp before after >&2 || exit 92
		"$1" build --quiet >&2 || exit 93
		[ -f public/sv/prov9.html ] || exit 94`;
	const made = withSmallDisk('24m', script, [program, site.root]);
	refusesWithOneSentence(made, 0, /space|full|disk/i);
});

await suite.test('a folder that cannot be written: one sentence, exit 2', () => {
	const site = new BuildSite();
	const plainFile = path.join(site.root, 'file');
	fs.writeFileSync(plainFile, '');
	refusesWithOneSentence(site.build(['--out', path.join(plainFile, 'public')]), 2, /file\/public|not a directory/i);
	refusesWithOneSentence(site.build(['--out', '/proc/nowhere/public']), 2, /\/proc/);
	assert.ok(!fs.existsSync(site.out));
});

await suite.test('a folder without write permission: one sentence, exit 2', () => {
	const site = new BuildSite();
	const copy = path.join(temporary('program'), 'faktablad');
	fs.copyFileSync(program, copy);
	fs.chmodSync(path.dirname(copy), 0o755);
	fs.chmodSync(copy, 0o755);
	fs.chmodSync(site.root, isRoot ? 0o755 : 0o555);
	const prefix = isRoot ? ['setpriv', '--reuid', '65534', '--regid', '65534', '--clear-groups'] : ['env'];
	const made = run(prefix[0], [...prefix.slice(1), copy, '--root', site.root, 'build', '--quiet']);
	fs.chmodSync(site.root, 0o755);
	refusesWithOneSentence(made, 2, /permission/i);
	assert.ok(!fs.existsSync(site.out));
});

await suite.test('a foreign folder is refused and left alone', () => {
	const site = new BuildSite();
	const mine = path.join(site.root, 'mine');
	fs.mkdirSync(path.join(mine, 'sv'), { recursive: true });
	fs.writeFileSync(path.join(mine, 'thesis.txt'), 'years of work');
	const before = treeDigest(mine);
	const made = site.build(['--out', mine]);
	refusesWithOneSentence(made, 2, /mine/);
	assert.equal(treeDigest(mine), before);
});

await suite.test('an empty folder is taken', () => {
	const site = new BuildSite();
	fs.mkdirSync(site.out);
	fine(site.build());
	assert.ok(fs.existsSync(site.at('index.html')));
});

await suite.test('a file of somebody else is carried over', () => {
	const site = new BuildSite();
	fine(site.build());
	fs.writeFileSync(site.at('robots-of-the-host.txt'), 'theirs');
	fs.mkdirSync(site.at('.well-known'));
	fs.writeFileSync(site.at('.well-known/security.txt'), 'theirs too');
	site.write('B');
	fine(site.build());
	assert.equal(fs.readFileSync(site.at('robots-of-the-host.txt'), 'utf8'), 'theirs');
	assert.equal(fs.readFileSync(site.at('.well-known/security.txt'), 'utf8'), 'theirs too');
});

await suite.test("a file of somebody else where a page goes refuses the build", () => {
	const site = new BuildSite();
	site.write('A');
	fine(site.build());
	fs.writeFileSync(site.at('sv/extra.html'), 'theirs');
	const before = site.digest();
	site.write('B');
	const made = site.build();
	assert.notEqual(made.status, 0);
	assert.match(made.stdout + made.stderr, /sv\/extra\.html/);
	assert.equal(site.digest(), before);
});

await suite.test('only what changed is touched', () => {
	const site = new BuildSite();
	site.write('A');
	fine(site.build());
	const look = () => new Map(listFiles(site.out).map((name) => {
		const { ino, mtimeNs } = fs.statSync(site.at(name), { bigint: true });
		return [name, { id: `${ino} ${mtimeNs}`, bytes: fs.readFileSync(site.at(name)) }];
	}));
	const before = look();
	fs.appendFileSync(path.join(site.root, 'content/sv/prov.md'), '\nMer.\n');
	fine(site.build());
	const after = look();
	assert.ok(!after.get('sv/prov.html').bytes.equals(before.get('sv/prov.html').bytes), 'the edited page is new');
	const touched = [...after].filter(([name, { id, bytes }]) => before.get(name)?.bytes.equals(bytes) && before.get(name).id !== id).map(([name]) => name);
	assert.deepEqual(touched, []);
});

await suite.test('what is no longer there disappears, with its folder', () => {
	const site = new BuildSite();
	site.write('B');
	fine(site.build());
	assert.ok(fs.existsSync(site.at('sv/extra.html')));
	site.write('A');
	fine(site.build());
	assert.ok(!fs.existsSync(site.at('sv/extra.html')));
});

await suite.test('a page that somebody edited in public/ is put right', () => {
	const site = new BuildSite();
	fine(site.build());
	const before = site.digest();
	fs.appendFileSync(site.at('sv/index.html'), 'graffiti');
	fs.rmSync(site.at('index.html'));
	site.write('B');
	fine(site.build());
	fs.rmSync(path.join(site.root, 'content/sv/prov.md'));
	fs.rmSync(path.join(site.root, 'content/sv/extra.md'));
	fine(site.build());
	assert.equal(site.digest(), before);
});

await suite.test('a second build finds nothing to do', () => {
	const site = new BuildSite();
	fine(site.build());
	const before = fs.statSync(site.out, { bigint: true });
	const made = faktablad(['--root', site.root, 'build']);
	fine(made);
	assert.match(made.stdout + made.stderr, /nothing|unchanged|up to date/i);
	const after = fs.statSync(site.out, { bigint: true });
	assert.deepEqual([after.ino, after.mtimeNs], [before.ino, before.mtimeNs]);
});

await suite.test('errors in the content leave the old site', () => {
	const site = new BuildSite();
	fine(site.build());
	const before = site.digest();
	fs.writeFileSync(path.join(site.root, 'content/sv/bad.md'), '---\ntitle: Bad\n---\n[x](nowhere.md)\n');
	const made = site.build();
	assert.equal(made.status, 1, made.stdout + made.stderr);
	assert.match(made.stdout + made.stderr, /link\/broken/);
	assert.equal(site.digest(), before);
});

await suite.test('SHA256SUMS is right', () => {
	const site = new BuildSite();
	fine(site.build());
	const made = run('sha256sum', ['--check', '--strict', 'SHA256SUMS'], { cwd: site.at('packs') });
	fine(made);
	const zips = fs.readdirSync(site.at('packs')).filter((name) => name.endsWith('.zip'));
	assert.equal(made.stdout.trim().split('\n').length, zips.length);
});

await suite.test('packs are sound ZIPs of portable names', () => {
	const site = new BuildSite();
	fine(site.build());
	const zips = fs.readdirSync(site.at('packs')).filter((name) => name.endsWith('.zip'));
	assert.ok(zips.length >= 4, zips.join(' '));
	for (const name of zips) {
		fine(run('unzip', ['-tqq', site.at(`packs/${name}`)]));
		const names = run('unzip', ['-Z1', site.at(`packs/${name}`)]).stdout.trim().split('\n');
		assert.deepEqual(names, [...names].sort(), `${name} is sorted`);
		assert.equal(new Set(names.map((entry) => entry.split('/')[0])).size, 1, `${name} has one top folder`);
		for (const entry of names) {
			assert.match(entry, /^[a-z0-9][a-z0-9._/-]*$/);
			assert.doesNotMatch(entry, /\.js$/);
			assert.ok(entry.length <= 120, entry);
		}
		/* -Z without extra fields, all with one date and mode 0644. */
		const listing = run('unzip', ['-Z', '-T', site.at(`packs/${name}`)]).stdout.split('\n').filter((line) => /^[-d?]/.test(line));
		assert.deepEqual(new Set(listing.map((line) => line.slice(0, 10))), new Set(['-rw-r--r--']), name);
		assert.equal(new Set(listing.map((line) => / (\d{8}\.\d{6}) /.exec(line)[1])).size, 1, `${name} has one date`);
	}
});

/* The shipped site with the districts of tests/sites/districts, whose numbers are examples. */
function siteOfDistricts(edition) {
	const site = new BuildSite();
	const file = (name) => path.join(site.root, name);
	const example = fs.readFileSync(path.join(repository, 'tests/sites/districts/content/data/districts.yaml'), 'utf8');
	fs.writeFileSync(file('content/data/districts.yaml'), example.replace('fiction]', 'bris]').replaceAll('source: beslut', 'source: ks-2023-1216'));
	fs.writeFileSync(file('faktablad.yaml'), fs.readFileSync(file('faktablad.yaml'), 'utf8').replace(/^editions:\n/m, `editions:\n${edition}`));
	return site;
}

function isSheet(site, page) {
	const file = path.join(site.root, 'content/sv', page.replace(/html$/, 'md'));
	return fs.existsSync(file) && !/^type: page$/m.test(fs.readFileSync(file, 'utf8'));
}

function unzipped(site, name) {
	const folder = temporary('pack');
	fine(run('unzip', ['-q', site.at(`packs/${name}.zip`), '-d', folder]));
	return path.join(folder, name);
}

await suite.test("a district's pack has its contacts on every sheet, and no other's", () => {
	const site = siteOfDistricts('  d: {face: folder, languages: [sv, ar], each: [district, language]}\n');
	const own = { exempelstaden: '0846500410', provdalen: '0846500420' };
	fine(site.build());
	for (const district of ['exempelstaden', 'provdalen', 'tomtaby'])
		for (const language of ['sv', 'ar']) {
			const pack = unzipped(site, `d-${district}-${language}`);
			const pages = fs.readdirSync(path.join(pack, language)).map((name) => [name, fs.readFileSync(path.join(pack, language, name), 'utf8')]);
			const sheets = pages.filter(([name]) => isSheet(site, name));
			assert.ok(sheets.length >= 13, `${sheets.length} sheets`);
			for (const [name, html] of sheets) {
				for (const [of, number] of Object.entries(own)) assert.equal(html.includes(`href="tel:${number}"`), of === district, `${district} ${language}/${name}: ${number}`);
				assert.ok(district !== 'tomtaby' || html.includes('href="tel:112"'), `${language}/${name} of a district without contacts`);
			}
			/* The page of contacts has all of them, the pack's own first; numbers stand from left to right. */
			const contacts = Object.fromEntries(pages)['contacts.html'];
			assert.equal(/<section class="district" id="([^"]+)"/.exec(contacts)[1], district);
			for (const number of Object.values(own)) assert.match(contacts, new RegExp(`<a class="tel" href="tel:${number}"><bdi dir="ltr">08-465 004 [0-9]0</bdi></a>`));
			assert.match(fs.readFileSync(path.join(pack, 'index.html'), 'utf8'), /Exempelstaden|Provdalen|Tomtaby|مدينة المثال/);
		}
});

await suite.test('packs of districts change no page of the web but the one that lists them', () => {
	const [without, with_] = ['', '  d: {face: folder, languages: [sv], each: district}\n'].map(siteOfDistricts);
	fine(without.build());
	fine(with_.build());
	const pages = (site) => listFiles(site.out).filter((name) => !/(^packs\/|\/packs\.html$|^\.)/.test(name)).map((name) => `${name} ${digest(fs.readFileSync(site.at(name)))}`);
	assert.deepEqual(pages(with_), pages(without));
});

await suite.test('publishing to a directory is incremental, and --dry-run does nothing', () => {
	const site = new BuildSite();
	fine(site.build());
	const target = path.join(site.root, 'published');
	const publish = (...args) => faktablad(['--root', site.root, 'publish', ...args], { cwd: site.root });
	fine(publish('--dry-run'));
	assert.ok(!fs.existsSync(target), '--dry-run made the target');
	fine(publish());
	/* What is published, without the marks that the program leaves for itself. */
	const published = (folder) => listFiles(folder).filter((name) => !/(^|\/)\./.test(name)).map((name) => `${name} ${digest(fs.readFileSync(path.join(folder, name)))}`);
	const modified = (names) => names.map((name) => fs.statSync(path.join(target, name), { bigint: true }).mtimeNs);
	assert.deepEqual(published(target), published(site.out));
	const before = new Set(published(target));
	site.write('B');
	fine(site.build());
	const unchanged = published(site.out).filter((line) => before.has(line)).map((line) => line.split(' ')[0]);
	assert.ok(unchanged.length > 0);
	const times = modified(unchanged);
	fine(publish());
	assert.deepEqual(published(target), published(site.out));
	assert.deepEqual(modified(unchanged), times, 'unchanged files were sent again');
	assert.ok(fs.existsSync(path.join(target, 'sv/extra.html')));
	site.write('A');
	fine(site.build());
	fine(publish());
	assert.ok(!fs.existsSync(path.join(target, 'sv/extra.html')), 'what is gone from the site is gone from the target');
});

await suite.test('wrong usage: one sentence, exit 2', () => {
	for (const args of [['biuld'], ['build', '--nosuch'], ['build', '--jobs', 'many'], ['--root'], ['check', '--format', 'xml'], [], ['publish', 'nosuch']]) {
		const made = faktablad(['--root', copySite(temporary('usage')), ...args].filter((word, i) => args.length > 0 || i < 2));
		assert.equal(made.status, 2, `${args.join(' ')}: ${made.stdout}${made.stderr}`);
		assert.notEqual(made.stderr, '', args.join(' '));
		assert.equal(made.stdout, '', args.join(' '));
	}
	refusesWithOneSentence(faktablad(['--root', '/nonexistent', 'build']), 2, /nonexistent/);
});

await suite.test('check as JSON, SARIF and GitHub commands', () => {
	const site = new BuildSite();
	fs.writeFileSync(path.join(site.root, 'content/sv/bad.md'), '---\ntitle: Bad\n---\n[x](nowhere.md)\n');
	const check = (format) => faktablad(['--root', site.root, 'check', '--format', format]);
	const json = check('json');
	assert.equal(json.status, 1);
	assert.ok(JSON.stringify(JSON.parse(json.stdout)).includes('link/broken'));
	const sarif = JSON.parse(check('sarif').stdout);
	assert.equal(sarif.version, '2.1.0');
	const found = sarif.runs[0].results.find((result) => result.ruleId === 'link/broken');
	assert.equal(found.locations[0].physicalLocation.artifactLocation.uri, 'content/sv/bad.md');
	assert.equal(found.locations[0].physicalLocation.region.startLine, 4);
	assert.match(check('github').stdout, /^::error file=content\/sv\/bad\.md,line=4/m);
});

suite.finish();
