import { createHash } from 'node:crypto';

/** The few pages that the server writes itself; everything else is drawn by the client. */

const importMap = JSON.stringify({
  imports: { preact: '/vendor/preact.mjs', 'preact/hooks': '/vendor/preact-hooks.mjs' },
});

const importMapHash = createHash('sha256').update(importMap).digest('base64');

/** What a page of ours may load and do: our own files, our own server, and nothing else. */
export const contentSecurityPolicy = [
  "default-src 'none'",
  `script-src 'self' 'sha256-${importMapHash}'`,
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data:",
  "base-uri 'none'",
  "frame-ancestors 'none'",
  "form-action 'none'",
].join('; ');

/** The page that the client draws itself into. */
export const workspacePage = page(
  'Slipway',
  `<script type="importmap">${importMap}</script>
<script type="module" src="/client/main.js"></script>`,
  '<div id="workspace"><noscript><p>Slipway needs JavaScript to show the workspace.</p></noscript></div>',
);

/** A page that says what is wrong and what to do, without the client. */
export function problemPage(message: string, hint: string): string {
  return page(
    'Slipway',
    '',
    `<main class="problem"><h1>Slipway</h1><p>${escaped(message)}</p><p>${escaped(hint)}</p></main>`,
  );
}

function page(title: string, head: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/client/style.css">
${head}
</head>
<body>
${body}
</body>
</html>
`;
}

const entities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escaped = (text: string): string => text.replaceAll(/[&<>"']/g, (letter) => entities[letter] ?? '');
