import { ExpactiError } from '@expacti/contracts';
import { isUnavailable } from '@expacti/messaging';

/** What body-parser and Express put on their errors. */
interface HttpLibraryError {
  status?: number;
  type?: string;
}

/** Names any thrown thing by the catalogue. A store that cannot answer reads UNAVAILABLE; what nobody foresaw reads INTERNAL. */
export function toExpactiError(thrown: unknown): ExpactiError {
  if (thrown instanceof ExpactiError) return thrown;
  if (isUnavailable(thrown)) return new ExpactiError('UNAVAILABLE');
  const { status, type } = (thrown ?? {}) as HttpLibraryError;
  if (type === 'entity.parse.failed') return new ExpactiError('MALFORMED_JSON');
  if (type === 'entity.too.large' || status === 413) return new ExpactiError('TOO_LARGE');
  if (type === 'entity.verify.failed') return new ExpactiError('MALFORMED_JSON', 'The body is not valid UTF-8.');
  if (type === 'encoding.unsupported' || type === 'charset.unsupported')
    return new ExpactiError('UNSUPPORTED_MEDIA_TYPE');
  if (thrown instanceof URIError) return new ExpactiError('NOT_FOUND');
  // Whatever else the parser of bodies refuses: cut short, wrongly compressed, another length than announced.
  if (status !== undefined && status >= 400 && status < 500)
    return new ExpactiError('MALFORMED_JSON', 'The body could not be read.');
  return new ExpactiError('INTERNAL');
}
