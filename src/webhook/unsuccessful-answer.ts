/** client-go rest/request.go transformResponse, apimachinery pkg/api/errors NewGenericServerResponse. */
const texts: Readonly<Record<number, string>> = {
  400: 'the server rejected our request for an unknown reason',
  401: 'the server has asked for the client to provide credentials',
  404: 'the server could not find the requested resource',
  405: 'the server does not allow this method on the requested resource',
  409: 'the server reported a conflict',
  422: 'the server rejected our request due to an error in our request',
  429: 'the server has received too many requests and has asked us to try again later',
  503: 'the server is currently unable to handle the request',
  504: 'the server was unable to return a response in the time allotted, but may still be processing the request',
};

/** As much of the page as helps to recognize it. */
const mostText = 256;

/** Why an answer with such a status is none; `body` is what came with it. */
export function unsuccessfulAnswer(status: number, body: string): string {
  const known = texts[status];
  if (known !== undefined) return known;
  const said = body.slice(0, mostText).trim() || 'unknown';
  if (status === 403) return said;
  return status >= 500
    ? `an error on the server (${JSON.stringify(said)}) has prevented the request from succeeding`
    : `the server responded with the status code ${status} but did not return more information`;
}
