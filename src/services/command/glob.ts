/**
 * Whether a path below a folder is meant by a pattern: `*` stands for anything within one name, `**` as a whole name for
 * any number of folders. Neither stands for a name that begins with a dot. The time is at most the product of the two
 * lengths: whoever writes the pattern, and whoever names the files, cannot make it stand still.
 */
export function matchesGlob(path: string, glob: string): boolean {
  const names = path.split('/');
  // Which beginnings of the path the parts so far can stand for, by their number of names.
  let ends = new Set([0]);
  for (const part of glob.split('/')) {
    const next = new Set<number>();
    for (const end of ends) {
      if (part === '**') {
        next.add(end);
        for (let at = end; at < names.length && !isHidden(names[at]); at += 1) next.add(at + 1);
        continue;
      }
      const name = names[end];
      if (name !== undefined && matchesName(name, part)) next.add(end + 1);
    }
    ends = next;
  }
  return ends.has(names.length);
}

function isHidden(name = ''): boolean {
  return name.startsWith('.');
}

/** The newest `*` takes as much as it must: an older one never has to be tried again. */
function matchesName(name: string, pattern: string): boolean {
  if (name === '' || (isHidden(name) && !isHidden(pattern))) return false;
  let at = 0;
  let part = 0;
  let star = -1;
  let taken = 0;
  while (at < name.length) {
    if (part < pattern.length && pattern[part] === '*') {
      star = part;
      taken = at;
      part += 1;
    } else if (part < pattern.length && pattern[part] === name[at]) {
      part += 1;
      at += 1;
    } else if (star >= 0) {
      taken += 1;
      at = taken;
      part = star + 1;
    } else return false;
  }
  return /^\**$/.test(pattern.slice(part));
}
