/** Both colour schemes, and paper: there everything is unfolded and black on white. */
export const PAGE_STYLE = `
:root { color-scheme: light dark; --ink: #1a1a1a; --dim: #666; --line: #ddd; --paper: #fff; --code: #f5f5f3;
  --create: #17722f; --change: #8a5a00; --drop: #b3261e; --run: #0b6478; --gate: #7b2d8e; --repair: #b3261e; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e6e6; --dim: #9a9a9a; --line: #3a3a3a; --paper: #161618; --code: #222226;
  --create: #6bd089; --change: #e3b341; --drop: #ff8a80; --run: #6cc7dd; --gate: #d39be6; --repair: #ff8a80; } }
body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); max-width: 62rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; margin-bottom: .2rem; } h2 { font-size: 1.1rem; margin-top: 2rem; border-bottom: 1px solid var(--line); }
code, pre, .title { font-family: ui-monospace, monospace; font-size: .9em; overflow-wrap: anywhere; }
pre { background: var(--code); padding: .6rem; border-radius: 4px; overflow-x: auto; white-space: pre-wrap; }
ul { padding-left: 0; list-style: none; } li { margin: .35rem 0; }
.sign { display: inline-block; width: 1.2em; font-family: ui-monospace, monospace; font-weight: bold; }
.side { display: inline-block; width: 4em; color: var(--dim); }
.more { margin-left: 5.2em; color: var(--dim); } summary { cursor: pointer; color: var(--dim); }
.create { color: var(--create); } .change { color: var(--change); } .drop { color: var(--drop); }
.run { color: var(--run); } .gate { color: var(--gate); } .repair { color: var(--repair); }
.error, .hazard { color: var(--drop); } .warning { color: var(--change); } .info { color: var(--dim); }
.summary { font-size: 1.15rem; font-weight: 600; }
@media print { body { max-width: none; margin: 0; color: #000; background: #fff; } details > :not(summary) { display: block; } pre { border: 1px solid #ccc; } li { break-inside: avoid; } }
`
