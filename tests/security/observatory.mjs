// The MDN Observatory's own tests on pages of a server on this machine. Its command line knows neither ports nor
// sign-ins; its parts do. Arguments: port of the redirect, port with TLS, cookie, then paths. Prints JSON.
import { ALL_TESTS } from "@mdn/mdn-http-observatory/src/constants.js";
import { MINIMUM_SCORE_FOR_EXTRA_CREDIT } from "@mdn/mdn-http-observatory/src/grader/charts.js";
import { getGradeForScore, getScoreModifier } from "@mdn/mdn-http-observatory/src/grader/grader.js";
import { retrieve } from "@mdn/mdn-http-observatory/src/retriever/retriever.js";

const [httpPort, httpsPort, cookie, ...paths] = process.argv.slice(2);
const told = {};
for (const path of paths) {
  const headers = cookie ? { headers: [`Cookie: ${cookie}`] } : {};
  const found = await retrieve("localhost", { httpPort, httpsPort, path, ...headers });
  if (!found.responses.auto) throw new Error(`no answer from ${path}`);
  let score = 100;
  let extra = 0;
  const results = ALL_TESTS.map((test) => test(found));
  for (const one of results) {
    const change = getScoreModifier(one.result);
    if (change < 0) score += change;
    else extra += change;
  }
  if (score >= MINIMUM_SCORE_FOR_EXTRA_CREDIT) score += extra;
  score = Math.max(score, 0);
  told[path] = {
    status: found.responses.auto.status,
    score,
    grade: getGradeForScore(score).grade,
    lost: results.filter((one) => getScoreModifier(one.result) < 0).map((one) => one.result),
  };
}
console.log(JSON.stringify(told, null, 1));
process.exit(0);
