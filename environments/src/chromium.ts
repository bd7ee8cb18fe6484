import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join, normalize } from 'node:path';

/** Debian's, Google's, or what CHROMIUM names; `undefined` if there is none. */
export const chromium = [
  process.env.CHROMIUM,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
].find((path) => path !== undefined && existsSync(path));

const TYPES: Record<string, string> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.css': 'text/css',
};

/** A browser without a GPU. */
export const NO_GPU = ['--disable-gpu'] as const;

/** WebGL and WebGPU by SwiftShader, which is a GPU in software, wherever the browser runs. */
export const SOFTWARE_GPU = [
  '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader',
  '--enable-unsafe-webgpu',
  '--enable-features=Vulkan',
  '--use-webgpu-adapter=swiftshader',
  '--ignore-gpu-blocklist',
] as const;

/**
 * Opens the page of a folder of files in headless Chromium, and waits for what it sends with
 * `fetch('/result', { method: 'POST', body })`.
 *
 * @param headers Sent with every file.
 * @param gpu Flags of the browser for {@link NO_GPU} or {@link SOFTWARE_GPU}.
 * @throws {Error} with what the browser said, if nothing came within the time.
 */
export async function runPage(
  folder: string,
  page: string,
  headers: Readonly<Record<string, string>>,
  seconds = 60,
  gpu: readonly string[] = NO_GPU,
): Promise<string> {
  let arrived: (body: string) => void = () => {};
  const result = new Promise<string>((resolve) => {
    arrived = resolve;
  });
  const server = await serve(folder, headers, arrived);
  const profile = mkdtempSync(join(tmpdir(), 'wsss-chromium-'));
  const { port } = server.address() as AddressInfo;
  const flags = ['--headless', '--no-sandbox', '--disable-dev-shm-usage', '--enable-logging=stderr', ...gpu];
  // A group and a folder for temporary files of its own, so that nothing of the browser outlives it.
  const browser = spawn(chromium!, [...flags, `--user-data-dir=${profile}`, `http://localhost:${port}/${page}`], {
    detached: true,
    env: { ...process.env, TMPDIR: profile },
  });
  let said = '';
  browser.stderr.on('data', (chunk) => {
    said += chunk;
  });
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const console = () =>
      said
        .split('\n')
        .filter((line) => line.includes('CONSOLE'))
        .join('\n');
    timer = setTimeout(() => reject(new Error(`${page} sent nothing in ${seconds} s:\n${console()}`)), seconds * 1000);
  });
  try {
    return await Promise.race([result, late]);
  } finally {
    clearTimeout(timer);
    await end(browser);
    server.closeAllConnections();
    server.close();
    await removeFolder(profile);
  }
}

function serve(
  folder: string,
  headers: Readonly<Record<string, string>>,
  arrived: (body: string) => void,
): Promise<Server> {
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname;
    if (request.method === 'POST') {
      let body = '';
      request.on('data', (chunk) => {
        body += chunk;
      });
      request.on('end', () => {
        response.end();
        arrived(body);
      });
      return;
    }
    const file = join(folder, normalize(path));
    if (!file.startsWith(folder) || !existsSync(file)) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { 'content-type': TYPES[extname(file)] ?? 'application/octet-stream', ...headers });
    response.end(readFileSync(file));
  });
  return new Promise((resolve) => server.listen(0, 'localhost', () => resolve(server)));
}

function end(browser: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (browser.exitCode !== null) resolve();
    browser.once('exit', () => resolve());
    try {
      process.kill(-browser.pid!, 'SIGKILL');
    } catch {
      browser.kill('SIGKILL');
    }
  });
}

/** Tries for a while: a process of the browser that is still dying may write once more. */
async function removeFolder(folder: string): Promise<void> {
  for (let left = 50; left > 0; left--) {
    try {
      rmSync(folder, { recursive: true, force: true });
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
  process.emitWarning(`The browser's folder ${folder} could not be removed.`);
}
