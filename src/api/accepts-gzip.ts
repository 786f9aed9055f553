/** RFC 9110, section 12.5.3; an absent header means as it is. */
export const acceptsGzip = (acceptEncoding: string | readonly string[] | undefined): boolean =>
  String(acceptEncoding ?? '')
    .toLowerCase()
    .split(',')
    .some((coding) => /^\s*(gzip|\*)\s*(;\s*q\s*=\s*(1|0\.0*[1-9]).*)?$/.test(coding));
