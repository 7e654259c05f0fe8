/** Linux follows at most 40 links in one path and then gives up, so nothing behind more of them can be reached. */
const mostLinks = 40;

/**
 * Whether following `path` (relative to a tree) could leave the tree, where `links` holds the target of every symlink
 * in it. Links are followed as the kernel does: `a/..` is the parent of what `a` points at, not of `a`.
 */
export function leadsOut(path: string, links: ReadonlyMap<string, string>): boolean {
  const todo = path.split('/').toReversed();
  const place: string[] = [];
  let followed = 0;
  for (let part = todo.pop(); part !== undefined; part = todo.pop()) {
    if (part === '' || part === '.') continue;
    if (part === '..') {
      if (place.pop() === undefined) return true;
      continue;
    }
    place.push(part);
    const target = links.get(place.join('/'));
    if (target === undefined) continue;
    if (target.startsWith('/')) return true;
    followed += 1;
    if (followed > mostLinks) return false;
    place.pop();
    todo.push(...target.split('/').toReversed());
  }
  return false;
}
