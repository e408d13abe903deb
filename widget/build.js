import { cp, mkdir, readFile, rm } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import * as esbuild from 'esbuild';

const MAX_GZIP_BYTES = 150_000;

const styleSheets = {
  name: 'style-sheets',
  setup(build) {
    build.onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const css = await readFile(path, 'utf8');
      const { code } = await esbuild.transform(css, { loader: 'css', minify: true });
      return { contents: code.trim(), loader: 'text' };
    });
  },
};

/** What deep-chat contains, all under the MIT license; speech-to-element, by the same author, has no file for it. */
const CHAT_PACKAGES = ['deep-chat', 'remarkable', 'autolinker', '@microsoft/fetch-event-source'];

async function chatLicense() {
  const texts = await Promise.all(CHAT_PACKAGES.map((name) => readFile(`node_modules/${name}/LICENSE`, 'utf8')));
  const owners = texts.flatMap((text) => text.match(/Copyright \(c\).*/g));
  const terms = texts[0].slice(texts[0].indexOf('Permission is hereby granted')).trim();
  return `/*! ${CHAT_PACKAGES.join(', ')}: MIT License\n${owners.join('\n')}\n\n${terms}\n*/`;
}

const options = {
  outdir: 'dist',
  bundle: true,
  minify: true,
  format: 'iife',
  target: 'es2022',
  plugins: [styleSheets],
};

await rm('dist', { recursive: true, force: true });
await mkdir('dist');
await Promise.all([
  esbuild.build({ ...options, entryPoints: { widget: 'src/index.js' } }),
  esbuild.build({
    ...options,
    entryPoints: { 'deep-chat': 'deep-chat/dist/deepChat.bundle.js' },
    banner: { js: await chatLicense() },
  }),
  cp('demo', 'dist', { recursive: true }),
]);

let total = 0;
for (const file of ['widget.js', 'deep-chat.js', 'demo.html', 'demo.js']) {
  const size = gzipSync(await readFile(`dist/${file}`)).length;
  total += size;
  console.log(`${file.padEnd(14)}${(size / 1000).toFixed(1).padStart(7)} kB gzip`);
}
if (total > MAX_GZIP_BYTES) throw new Error(`${total} bytes are more than the ${MAX_GZIP_BYTES} allowed`);
