import { describe, expect, it } from 'vitest';
import type { Ingress, IngressClass } from '../meta/types.ts';
import { ingressClasses } from '../resources/ingress-class.ts';
import { ingresses } from '../resources/ingress.ts';
import { clientRequest } from './client-request.ts';
import { defaultIngressClass } from './default-ingress-class.ts';
import { listerOf } from './lister-of.ts';

const classOf = (name: string, isDefault: string, creationTimestamp = '2026-01-01T00:00:00Z'): IngressClass => ({
  metadata: { name, creationTimestamp, annotations: { 'ingressclass.kubernetes.io/is-default-class': isDefault } },
  spec: { controller: 'acme.io/edge' },
});
const withClasses = (...objects: IngressClass[]) => listerOf({ definition: ingressClasses, objects });
const [plain, edge] = [classOf('plain', 'false'), classOf('edge', 'true')];
const old = { annotations: { 'kubernetes.io/ingress.class': 'nginx' } };
const ingress = (ingressClassName?: string, metadata: object = {}): Ingress => ({
  metadata: { namespace: 'default', name: 'web', ...metadata },
  spec: ingressClassName === undefined ? {} : { ingressClassName },
});

describe('the class of an Ingress', () => {
  it.each<[string, Ingress, IngressClass[], string | undefined]>([
    ['is the default one', ingress(), [plain, edge], 'edge'],
    ['is the newest of several', ingress(), [edge, classOf('new', 'true', '2026-01-02T00:00:00Z')], 'new'],
    ['is the first of several as new', ingress(), [classOf('z', 'true'), edge], 'edge'],
    ['stays open when there is no default', ingress(), [plain], undefined],
    ['stays as it is named', ingress('plain'), [plain, edge], undefined],
    ['stays as it is named in the old way', ingress(undefined, old), [edge], undefined],
  ])('%s', (_how, object, classes, name) =>
    expect(defaultIngressClass().mutate?.(clientRequest(ingresses, object), withClasses(...classes))).toEqual(
      name === undefined ? undefined : ingress(name),
    ),
  );

  it.each<[Ingress, IngressClass[], string[]]>([
    [ingress('plain'), [plain], []],
    [ingress(undefined, old), [], []],
    [ingress('nginx'), [plain], ['there is no IngressClass "nginx"']],
    [ingress(), [plain], ['no IngressClass is the default']],
  ])('of %j among %j is warned of as %j', (object, classes, texts) => {
    const told: string[] = [];
    const request = { ...clientRequest(ingresses, object), warn: (text: string) => void told.push(text) };
    void defaultIngressClass().validate?.(request, withClasses(...classes));
    expect(told).toEqual(
      texts.map(
        (text) => `spec.ingressClassName: ${text}; the Ingress has no effect until a controller in a pod serves it`,
      ),
    );
  });
});
