import { expect, it } from 'vitest';
import { rootIsShared } from './host-view.ts';

it.each([
  [true, '22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw'],
  [false, '22 1 8:1 / / rw,relatime - ext4 /dev/sda1 rw\n23 22 0:5 / /dev rw shared:2 - devtmpfs udev rw'],
  [false, '22 1 8:1 / / rw,relatime master:1 - ext4 /dev/sda1 rw'],
])('is %s of %j', (shared, mountinfo) => expect(rootIsShared(mountinfo)).toBe(shared));
