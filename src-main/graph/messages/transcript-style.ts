/** Readable on screen and paper, in light and dark. */
export const transcriptStyle = `
:root { color-scheme: light dark; --text: #1b1b1f; --ground: #ffffff; --soft: #5c5c66; --line: #d9d9e0; --box: #f4f4f7; --link: #2457b3; }
@media (prefers-color-scheme: dark) {
  :root { --text: #e8e8ec; --ground: #1a1a1d; --soft: #a5a5b0; --line: #3a3a40; --box: #26262b; --link: #8db4ff; }
}
body { margin: 0 auto; max-width: 50rem; padding: 1.5rem; background: var(--ground); color: var(--text); font: 1rem/1.5 system-ui, sans-serif; }
h1 { font-size: 1.4rem; margin: 0; }
h2 { font-size: 1rem; margin: 2rem 0 0.5rem; border-bottom: 1px solid var(--line); color: var(--soft); }
h3 { font-size: 1rem; margin: 0.25rem 0; }
article { margin: 0.75rem 0; padding: 0.5rem 0.75rem; background: var(--box); border-radius: 0.5rem; break-inside: avoid; }
time, .note, .event, .mark, .file { color: var(--soft); font-size: 0.875rem; }
.event { text-align: center; }
.mark { border: 1px solid var(--line); border-radius: 0.75rem; padding: 0 0.5rem; }
.replies { margin-left: 1.5rem; }
.mention { font-weight: 600; }
.body { overflow-wrap: anywhere; }
.body p { margin: 0.25rem 0; }
.reactions, .file { margin: 0.25rem 0 0; }
blockquote { margin: 0.25rem 0; padding-left: 0.75rem; border-left: 3px solid var(--line); color: var(--soft); }
pre { overflow-x: auto; }
table { border-collapse: collapse; }
td, th { border: 1px solid var(--line); padding: 0.25rem 0.5rem; }
img { max-width: 100%; height: auto; }
a { color: var(--link); }
`
