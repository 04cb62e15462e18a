/** The line editor, as far as a search needs it. */
export interface SearchedEditor {
  /** Earlier lines, newest first. */
  history(): readonly string[];
  /** The line that is edited. */
  line(): string;
  /** Puts a line in place of the edited one. @param label in place of the prompt; undefined for the usual one */
  show(line: string, label?: string): void;
}

const CTRL_R = '\u0012';
const CTRL_G = '\u0007';
const ESC = '\u001B';
const BACKSPACE = /[\b\u007F]/;

/**
 * Ctrl-R, as in a shell: searches earlier lines while one types, and again goes to the next older match. Esc and Ctrl-G bring back the line
 * from before; every other key takes the match and then does what it always does.
 * @returns takes keys as they are read, and gives those that the editor gets
 */
export function createHistorySearch(editor: SearchedEditor): (keys: string) => string {
  let search: { query: string; at: number; readonly before: string } | undefined;
  const matchOf = ({ query, at }: NonNullable<typeof search>): string =>
    query === '' && at === 0 ? '' : (editor.history()[at] ?? '');
  const find = (query: string, from: number): number =>
    editor.history().findIndex((line, index) => index >= from && line.includes(query));

  /** Goes to the first match from a place on; without one, stays and says so. */
  const look = (query: string, from: number): void => {
    if (!search) return;
    const at = find(query, from);
    search = { ...search, query, at: at === -1 ? search.at : at };
    editor.show(matchOf(search), `(${at === -1 ? 'not found' : 'search'}: ${query}) `);
  };
  const end = (line: string): void => {
    search = undefined;
    editor.show(line);
  };

  return (keys) => {
    let passed = '';
    const rest = Array.from(keys);
    for (let key = rest.shift(); key !== undefined; key = rest.shift()) {
      if (!search) {
        if (key !== CTRL_R) passed += key;
        else {
          search = { query: '', at: 0, before: editor.line() };
          editor.show('', '(search: ) ');
        }
      } else if (key === CTRL_R) {
        if (search.query !== '') look(search.query, search.at + 1);
      } else if (BACKSPACE.test(key)) {
        look(Array.from(search.query).slice(0, -1).join(''), 0);
      } else if (key === CTRL_G || (key === ESC && rest.length === 0)) {
        end(search.before);
      } else if (key >= ' ') {
        look(search.query + key, search.at);
      } else {
        end(matchOf(search));
        passed += key;
      }
    }
    return passed;
  };
}
