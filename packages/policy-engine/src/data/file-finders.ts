import type { ProgramOptions } from '../guard/option-table.js';

/** `find` is a small language: its tests are harmless, and every action but printing is left out. */
export const FILE_FINDERS: Readonly<Record<string, ProgramOptions>> = {
  find: {
    source:
      'find(1), findutils 4.10; GTFOBins "find" (-exec, -execdir, -ok, -okdir, -delete, -fprint*, -fls, -files0-from left out)',
    singleDash: true,
    flags: `-H -L -P -depth -d -daystart -empty -executable -false -follow -ignore_readdir_race -ls -mount -nogroup -noleaf
      -nouser -nowarn -print -print0 -prune -quit -readable -true -warn -writable -xdev -a -o -and -or -not`,
    valued: `-amin -anewer -atime -cmin -cnewer -context -ctime -fstype -gid -group -ilname -iname -inum -ipath -iregex -iwholename
      -links -lname -maxdepth -mindepth -mmin -mtime -name -newer -newermt -path -perm -printf -regex -regextype -samefile -size
      -type -uid -used -user -wholename -xtype`,
  },
  tree: {
    source: 'tree(1) 2.1: -o writes a file, --fromfile and --info read others',
    separateValues: true,
    flags:
      '-a -A -C -d -D -f -F -g -h -i -J -l -N -n -p -q -Q -r -s -S -t -u -U -v -x -X --dirsfirst --du --noreport --prune --si --inodes --device --gitignore --matchdirs --ignore-case',
    valued: '-L -P -I -T --charset --filelimit --sort --timefmt',
  },
};
