/**
 * A sequence that nobody types. The engines' own keys (ctrl-p, ctrl-q) would end the streams of a terminal in the middle of a shell; Docker knows no
 * "none", and Podman takes it for an exec but does not heed it.
 */
export const noDetachKeys = Array.from({ length: 16 }, () => 'ctrl-@').join(',');
