/** Colours and fonts of the charts: those of the style sheet, so that both schemes are kept in one place. */
export interface Theme {
  readonly text: string;
  readonly muted: string;
  readonly grid: string;
  readonly bad: string;
  readonly background: string;
  readonly font: string;
  readonly hop: (hop: string) => string;
}

/** The colours that hold now. */
export function readTheme(): Theme {
  const style = getComputedStyle(document.documentElement);
  const read = (name: string): string => style.getPropertyValue(name).trim();
  return {
    text: read('--text'),
    muted: read('--muted'),
    grid: read('--grid'),
    bad: read('--bad'),
    background: read('--card'),
    font: '12px system-ui, sans-serif',
    hop: (hop) => read(`--${hop}`) || read('--text'),
  };
}
