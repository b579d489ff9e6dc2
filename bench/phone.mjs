// How a page opens on a slow phone: Lighthouse's own figures, and how long the page's thread was
// blocked by the processor's clock, which other work on the machine does not change.
//
//   npm install --prefix DIR lighthouse@12.8.2
//   PORT=8000 make run
//   LIGHTHOUSE=DIR node bench/phone.mjs http://127.0.0.1:8000 3 / /wall
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const [origin, runs, ...paths] = process.argv.slice(2);
const { resolve } = createRequire(`${process.env.LIGHTHOUSE}/`);
const { default: lighthouse } = await import(pathToFileURL(resolve('lighthouse')));
const { launch } = await import(pathToFileURL(resolve('chrome-launcher')));

const SLOWER = 4;
const LONG_MS = 50;
const FIGURES = {
  'first-contentful-paint': 'first paint',
  'largest-contentful-paint': 'largest paint',
  'total-blocking-time': 'blocked',
  'cumulative-layout-shift': 'shift'
};

async function signIn() {
  const answer = await fetch(`${origin}/api/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin },
    body: JSON.stringify({ email: 'member@demo.test', password: 'alongside-demo' })
  });
  if (!answer.ok) throw new Error(await answer.text());
  return answer.headers.getSetCookie().map((cookie) => cookie.split(';')[0]).join('; ');
}

/** As Lighthouse counts it, by processor time instead of the clock on the wall. */
function blockedByProcessor(events) {
  const begun = events.filter(
    ({ name, args }) =>
      name === 'navigationStart' && args.data?.documentLoaderURL?.startsWith(origin)
  );
  const { pid, tid, ts } = begun.at(-1);
  return events
    .filter((event) => event.name === 'RunTask' && event.pid === pid && event.tid === tid)
    .filter((event) => event.ts >= ts)
    .map(({ tdur = 0 }) => (tdur / 1000) * SLOWER - LONG_MS)
    .reduce((sum, over) => sum + Math.max(0, over), 0);
}

const cookie = await signIn();
for (let run = 0; run < Number(runs); run += 1) {
  for (const path of paths) {
    const chrome = await launch({
      chromePath: process.env.ALONGSIDE_CHROMIUM,
      chromeFlags: ['--headless=new', '--no-sandbox', '--disable-gpu']
    });
    const { lhr, artifacts } = await lighthouse(origin + path, {
      port: chrome.port,
      onlyCategories: ['performance'],
      extraHeaders: { Cookie: cookie },
      logLevel: 'error'
    });
    chrome.kill();
    const said = Object.entries(FIGURES).map(
      ([name, label]) => `${label} ${lhr.audits[name].displayValue}`
    );
    const blocked = Math.round(blockedByProcessor(artifacts.Trace.traceEvents));
    const score = Math.round(lhr.categories.performance.score * 100);
    console.log(`${path}  ${score}  ${said.join(', ')}, ${blocked} ms of it by the processor`);
  }
}
