/** Linux follows at most 40 links in one path and then gives up, so nothing behind more of them can be reached. */
const mostLinks = 40;
/** Names that are looked at for one link. Nobody's links need so many; those that do are made to keep us busy. */
const mostNames = 10_000;

/** A name in a tree, with what stands below it on the way to a link. */
interface Node {
  below: Map<string, Node>;
  /** Where it leads to, if it is a link itself. */
  target: string | undefined;
}

/**
 * Says of a path whether following it could leave the tree, where `links` holds the target of every symlink in the tree.
 * Links are followed as the kernel does: `a/..` is the parent of what `a` points at, not of `a`. What cannot be followed
 * to its end counts as leading out.
 */
export function linkReader(links: ReadonlyMap<string, string>): (path: string) => boolean {
  const root: Node = { below: new Map(), target: undefined };
  for (const [path, target] of links) {
    let node = root;
    for (const part of path.split('/')) {
      const next: Node = node.below.get(part) ?? { below: new Map(), target: undefined };
      node.below.set(part, next);
      node = next;
    }
    node.target = target;
  }
  return (path) => leads(root, path);
}

/** Whether following one path could leave the tree. */
export function leadsOut(path: string, links: ReadonlyMap<string, string>): boolean {
  return linkReader(links)(path);
}

function leads(root: Node, path: string): boolean {
  const todo = path.split('/').toReversed();
  // Where we stand: the nodes from the root on; undefined below what leads to no link.
  const place: (Node | undefined)[] = [root];
  let followed = 0;
  let names = 0;
  for (let part = todo.pop(); part !== undefined; part = todo.pop()) {
    names += 1;
    if (names > mostNames) return true;
    if (part === '' || part === '.') continue;
    if (part === '..') {
      place.pop();
      if (place.length === 0) return true;
      continue;
    }
    const node = place.at(-1)?.below.get(part);
    if (node?.target === undefined) {
      place.push(node);
      continue;
    }
    if (node.target.startsWith('/')) return true;
    followed += 1;
    if (followed > mostLinks) return false;
    todo.push(...node.target.split('/').toReversed());
  }
  return false;
}
