/** `owner/name` as the two parameters of a REST route. */
export function parametersOf(repository: string): { readonly owner: string; readonly repo: string } {
  const [owner = '', repo = ''] = repository.split('/');
  return { owner, repo };
}
