import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { GoldenOutcome } from '@wsss/testing';
import type { Reporter, TestModule } from 'vitest/node';
import { foundCases } from './found-cases';
import { type CaseResult, summarise } from './summary';

/** Prints what became of every case that is found, once all test files are done, and keeps it in `.reports/golden.txt`. */
export default class GoldenReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    let text: string;
    try {
      const { text: summary, failed } = summarise(foundCases(), resultsOf(modules));
      // A file that does not load has no tests, and so its cases would look as if no test were written.
      const broken = modules.flatMap((module) =>
        module.errors().map((error) => `${module.moduleId}: ${error.message}`),
      );
      text = [...broken, summary].join('\n');
      if (failed + broken.length > 0) process.exitCode = 1;
    } catch (error) {
      text = (error as Error).message;
      process.exitCode = 1;
    }
    const folder = process.env.WSSS_REPORTS ?? '.reports';
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'golden.txt'), `${text}\n`);
    console.log(`\n${text}`);
  }
}

function resultsOf(modules: readonly TestModule[]): Map<string, CaseResult> {
  const results = new Map<string, CaseResult>();
  for (const module of modules) {
    for (const test of module.children.allTests()) {
      const outcome = test.meta().golden as (GoldenOutcome & { id: string }) | undefined;
      if (!outcome) continue;
      const { state, errors } = test.result();
      // A case may fail without a row that does: by an error thrown on the way.
      const thrown = state === 'failed' && outcome.rows.every(({ ok }) => ok);
      const error = thrown ? (errors[0]?.message ?? 'failed').replace(/\s*\n\s*/g, ' ') : undefined;
      results.set(outcome.id, { ...outcome, error });
    }
  }
  return results;
}
