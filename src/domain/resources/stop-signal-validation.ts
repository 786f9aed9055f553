import { forbiddenField, type FieldError } from '../meta/field-error.ts';
import type { PodSpec } from '../meta/types.ts';
import { eachOf, oneOf } from './value-rules.ts';

const named =
  'ABRT ALRM BUS CHLD CLD CONT FPE HUP ILL INT IO IOT KILL PIPE POLL PROF PWR QUIT SEGV STKFLT STOP SYS TERM TRAP TSTP TTIN TTOU URG USR1 USR2 VTALRM WINCH XCPU XFSZ RTMIN RTMAX'
    .split(' ')
    .map((name) => `SIG${name}`);
const counted = (base: string, most: number): string[] =>
  Array.from({ length: most }, (_, index) => `${base}${index + 1}`);

/** kubernetes pkg/apis/core/types.go, the Signal constants */
const signals = [...named, ...counted('SIGRTMIN+', 15), ...counted('SIGRTMAX-', 14)].toSorted();

/** What a signal means depends on the system, so that has to be named too (pkg/apis/core/validation/validation.go validateStopSignal). */
export const validateStopSignals = (spec: PodSpec, field: string): FieldError[] =>
  (['containers', 'initContainers'] as const).flatMap((list) =>
    eachOf(`${field}.${list}`, spec[list], ({ lifecycle }, at) => {
      const { stopSignal } = lifecycle ?? {};
      if (stopSignal === undefined) return [];
      if (!spec.os?.name) {
        return [
          forbiddenField(`${at}.lifecycle.stopSignal`, 'may not be set for containers with empty `spec.os.name`'),
        ];
      }
      return oneOf(`${at}.lifecycle.stopSignal`, stopSignal, signals);
    }),
  );
