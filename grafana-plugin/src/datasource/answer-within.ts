import { throwError, timeout, type MonoTypeOperatorFunction } from 'rxjs';
import { t } from '../texts/t';

/** Fails, and says that the bridge does not answer, where nothing has come within that time and more is to come. */
export function answerWithin<T>(ms: number): MonoTypeOperatorFunction<T> {
  return timeout({ first: ms, with: () => throwError(() => new Error(t('errors.bridge-away'))) });
}
