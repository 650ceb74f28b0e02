/** Whether a text of the shell reads a name. In arithmetic, it stands there without `$`. */
export function reads(text: string, name: string): boolean {
  const counts = /\(\(|\$\[|\blet\b|\[\[|\b(?:declare|typeset|local)\b|\$\{\w+:/.test(text);
  return new RegExp(counts ? `\\b${name}\\b` : `\\$\\{?[!#]?${name}\\b`).test(text);
}
