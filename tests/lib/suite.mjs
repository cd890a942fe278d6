/*
 * suite: runs named tests one after another and counts them.
 *
 *	const suite = new Suite('sites');
 *	await suite.test('minimal', async () => { assert.equal(…); });
 *	suite.finish();
 *
 * A test fails by throwing and skips itself by `throw new Skip('why')`. A first command line argument that is
 * no option runs only the tests whose name contains it. The last line printed is the count that script/test
 * adds up; the exit status is 1 when a test failed.
 */
import { inspect } from 'node:util';

export class Skip extends Error {}

export class Suite {
	constructor(name, argv = process.argv.slice(2)) {
		this.name = name;
		this.filter = argv.find((word) => !word.startsWith('--')) ?? '';
		this.passed = this.failed = this.skipped = 0;
	}

	wants(name) {
		return name.includes(this.filter);
	}

	async test(name, body) {
		if (!this.wants(name)) return;
		try {
			await body();
			this.passed++;
			console.log(`ok    ${this.name}/${name}`);
		} catch (error) {
			this.#report(name, error);
		}
	}

	#report(name, error) {
		if (error instanceof Skip) {
			this.skipped++;
			console.log(`skip  ${this.name}/${name}: ${error.message}`);
			return;
		}
		this.failed++;
		console.log(`FAIL  ${this.name}/${name}`);
		const text = error instanceof Error ? (error.code === 'ERR_ASSERTION' ? error.message : error.stack) : inspect(error);
		console.log(text.replace(/^/gm, '      '));
	}

	finish() {
		console.log(`# ${this.passed} passed, ${this.failed} failed, ${this.skipped} skipped`);
		process.exitCode = this.failed > 0 ? 1 : 0;
	}
}
