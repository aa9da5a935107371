// Holds the import directions: first proves on a planted violation that the rules bite, then checks
// the tree. A checker that reads nothing passes silently, so zero modules is a failure too.
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { cruise, type ICruiseResult } from 'dependency-cruiser';
import { options, rules } from './import-rules.ts';

async function check(): Promise<ICruiseResult> {
  const { output } = await cruise(['packages', 'services', 'simulation', 'cli'], {
    ...options,
    ruleSet: { forbidden: rules },
    validate: true,
  });
  return output as ICruiseResult;
}

const planted = 'packages/contracts/src/planted-violation';
try {
  await mkdir(planted, { recursive: true });
  await writeFile(`${planted}/index.ts`, "import '../../../../services/order-api/src/index.ts';\n");
  const broken = (await check()).summary.violations.map((violation) => violation.rule.name);
  if (!broken.includes('packages-know-no-service')) {
    console.error('The import check did not see the planted violation: it checks nothing.');
    process.exit(1);
  }
} finally {
  await rm(planted, { recursive: true, force: true });
}

const { summary } = await check();
for (const { rule, from, to } of summary.violations)
  console.error(`${rule.name}: ${from} -> ${to}`);
console.log(
  `import rules: ${summary.totalCruised} modules, ${summary.violations.length} violations`,
);
process.exit(summary.violations.length > 0 || summary.totalCruised === 0 ? 1 : 0);
