import { describe, expect, test } from 'vitest';
import { storageProtection } from '../../domain/admission/storage-protection.ts';
import { isPodTerminal, isPodTerminating } from '../../domain/controllers/pod-lifecycle.ts';
import {
  attempting,
  Device,
  hastyLife,
  inTheEnd,
  type Process,
  quietLife,
  seeds,
} from '../../domain/controllers/property-world.ts';
import { startPersistentVolumeClaimController } from '../../domain/controllers/storage/persistentvolumeclaim-controller.ts';
import { startPersistentVolumeController } from '../../domain/controllers/storage/persistentvolume-controller.ts';
import { startStorageProtectionController } from '../../domain/controllers/storage/storage-protection-controller.ts';
import { namesOf } from '../../domain/controllers/test-cluster.ts';
import type { EngineVolumes } from '../../domain/kubelet/volumes/engine-volumes.ts';
import { startVolumeReclaimer } from '../../domain/kubelet/volumes/volume-reclaimer.ts';
import { metaOf } from '../../domain/meta/object-key.ts';
import { seededRandom, type Random } from '../../domain/meta/seeded-random.ts';
import type { KubernetesObject, PersistentVolume, PersistentVolumeClaim, Pod } from '../../domain/meta/types.ts';
import { persistentVolumeClaims } from '../../domain/resources/persistent-volume-claim.ts';
import { persistentVolumes } from '../../domain/resources/persistent-volume.ts';
import { claimsOfPod } from '../../domain/resources/pod-claims.ts';
import { pods } from '../../domain/resources/pod.ts';
import { bootstrapStorageClass, storageClasses } from '../../domain/resources/storage-class.ts';

const isGoing = (object: KubernetesObject): boolean => metaOf(object).deletionTimestamp !== undefined;
const nameOf = (object: KubernetesObject): string => metaOf(object).name ?? '';
const accessModes = ['ReadWriteOnce'];
const claimNames = ['a', 'b', 'c', 'd'];
const volumeNames = ['small', 'medium', 'large'];
const sizes = ['1Gi', '2Gi', '4Gi'];

/** Claims that come and go beside volumes that somebody made and such as are made for them, and pods that use them. */
class World {
  readonly violations: string[] = [];
  readonly device: Device;
  #pods = 0;
  /** Handles of the volumes whose files the engine has removed. */
  readonly #removed = new Set<string>();

  constructor(random: Random, isSlow: boolean) {
    this.device = new Device({
      random,
      isSlow,
      mayFail: ({ definition, operation }) =>
        operation !== 'DELETE' && ['PersistentVolume', 'PersistentVolumeClaim'].includes(definition.kind),
      plugins: () => [storageProtection()],
      run: (cluster) => this.#run(cluster),
    });
  }

  get claims(): PersistentVolumeClaim[] {
    return this.device.cluster.registry.all(persistentVolumeClaims);
  }

  get volumes(): PersistentVolume[] {
    return this.device.cluster.registry.all(persistentVolumes);
  }

  get pods(): Pod[] {
    return this.device.cluster.registry.all(pods);
  }

  #users(claim: PersistentVolumeClaim): Pod[] {
    return this.pods.filter(
      (pod) => !isPodTerminal(pod) && claimsOfPod(pod).some(({ name }) => name === nameOf(claim)),
    );
  }

  start(): Promise<void> {
    return this.device.start(({ registry }) => registry.create(storageClasses, bootstrapStorageClass));
  }

  #run(cluster: Process): void {
    const { registry } = cluster;
    registry.subscribe(persistentVolumeClaims, ({ type, object }) => {
      if (type === 'DELETED') {
        const users = this.#users(object);
        if (users.length > 0) this.violations.push(`${nameOf(object)} went while ${namesOf(users).join()} used it`);
        return;
      }
      if (object.status?.phase === 'Lost') this.violations.push(`${nameOf(object)} is lost`);
      this.#ownsItsVolume(object);
    });
    registry.subscribe(persistentVolumes, ({ type, object, previous }) => {
      const claim = this.#claimOf(object);
      if (type === 'DELETED' && claim) this.violations.push(`${nameOf(object)} went while ${nameOf(claim)} had it`);
      const before = previous?.spec?.claimRef?.uid;
      if (type === 'MODIFIED' && before !== undefined && before !== object.spec?.claimRef?.uid)
        this.violations.push(`${nameOf(object)} was given to another claim`);
    });
    const options = { ...cluster, nodeName: 'plc-1', freeBytes: async () => 2 ** 40 };
    void startPersistentVolumeClaimController(options);
    void startPersistentVolumeController(options);
    void startStorageProtectionController(options);
    startVolumeReclaimer({ ...options, volumes: { remove: (handle) => this.#remove(handle) } as EngineVolumes });
  }

  #claimOf({ spec }: PersistentVolume): PersistentVolumeClaim | undefined {
    return this.claims.find(({ metadata }) => metadata?.uid !== undefined && metadata.uid === spec?.claimRef?.uid);
  }

  /** One claim, one volume, and the other way round. */
  #ownsItsVolume(claim: PersistentVolumeClaim): void {
    const { uid } = metaOf(claim);
    const own = this.volumes.filter(({ spec }) => spec?.claimRef?.uid === uid);
    if (own.length > 1) this.violations.push(`${nameOf(claim)} has ${namesOf(own).join()}`);
    const { volumeName = '' } = claim.spec ?? {};
    const isBound = metaOf(claim).annotations?.['pv.kubernetes.io/bind-completed'] !== undefined;
    if (isBound && namesOf(own)[0] !== volumeName)
      this.violations.push(`${nameOf(claim)} says ${volumeName} and has ${namesOf(own).join()}`);
  }

  async #remove(handle: string): Promise<void> {
    this.#removed.add(handle);
    const used = this.volumes.find(({ spec }) => spec?.csi?.volumeHandle === handle);
    const claim = used && this.#claimOf(used);
    if (claim) this.violations.push(`files of ${nameOf(claim)} were removed`);
  }

  #createClaim(): Promise<void> {
    const { random, cluster } = this.device;
    const storageClassName = random.maybe(0.5) ? '' : nameOf(bootstrapStorageClass);
    return attempting(() =>
      cluster.registry.create(persistentVolumeClaims, {
        metadata: { namespace: 'default', name: random.pick(claimNames) },
        spec: {
          accessModes,
          storageClassName,
          resources: { requests: { storage: random.pick(sizes) } },
          ...(storageClassName === '' && random.maybe(0.2) ? { volumeName: random.pick(volumeNames) } : {}),
        },
      }),
    );
  }

  #createVolume(): Promise<void> {
    const { random, cluster } = this.device;
    const name = random.pick(volumeNames);
    const claimRef = { namespace: 'default', name: random.pick(claimNames) };
    return attempting(() =>
      cluster.registry.create(persistentVolumes, {
        metadata: { name },
        spec: {
          capacity: { storage: sizes[volumeNames.indexOf(name)]! },
          accessModes,
          hostPath: { path: `/data/${name}` },
          ...(random.maybe(0.2) ? { claimRef } : {}),
        },
      }),
    );
  }

  #createPod(): Promise<void> {
    const { random, cluster } = this.device;
    const claim = random.pick(this.claims.filter((each) => !isGoing(each)));
    const name = `p${++this.#pods}`;
    return attempting(() =>
      cluster.registry.create(pods, {
        metadata: { namespace: 'default', name },
        spec: {
          containers: [{ name: 'c', image: 'i' }],
          ...(claim ? { volumes: [{ name: 'v', persistentVolumeClaim: { claimName: nameOf(claim) } }] } : {}),
        },
      }),
    );
  }

  readonly happen = async (): Promise<void> => {
    const { device } = this;
    const { random } = device;
    const [claim, volume, pod] = [random.pick(this.claims), random.pick(this.volumes), random.pick(this.pods)];
    const events: readonly (() => Promise<unknown>)[] = [
      () => this.#createClaim(),
      () => this.#createClaim(),
      () => Promise.all([this.#createClaim(), this.#createClaim(), this.#createVolume()]),
      () => this.#createVolume(),
      () => this.#createPod(),
      async () => claim && device.delete(persistentVolumeClaims, claim),
      async () => volume && device.delete(persistentVolumes, volume),
      async () => pod && device.delete(pods, pod, { gracePeriodSeconds: 0 }),
      async () => pod && !isPodTerminating(pod) && device.show(pod, 'succeeded'),
    ];
    await random.pick(events)();
  };

  /** No trouble any more: every claim has its volume if there is one, and with the claims go the volumes that were made for them. */
  async finish(): Promise<void> {
    const { device } = this;
    device.odds = 0;
    await inTheEnd(async () => {
      await device.quiet();
      const waiting = this.claims.filter(
        (claim) =>
          claim.status?.phase !== 'Bound' && claim.spec?.storageClassName !== '' && this.#users(claim).length > 0,
      );
      expect(namesOf(waiting)).toEqual([]);
    });
    for (const pod of this.pods) await device.delete(pods, pod, { gracePeriodSeconds: 0 });
    for (const claim of this.claims) await device.delete(persistentVolumeClaims, claim);
    await inTheEnd(async () => {
      await device.quiet();
      expect(this.claims).toEqual([]);
      const left = this.volumes.filter((volume) => volume.spec?.csi !== undefined || isGoing(volume));
      expect(namesOf(left)).toEqual([]);
      const phases = this.volumes.map(({ spec, status }) => [spec?.claimRef?.uid !== undefined, status?.phase]);
      for (const [wasUsed, phase] of phases) expect(phase).toBe(wasUsed ? 'Released' : 'Available');
    });
  }
}

describe('whatever happens, each claim keeps its one volume as long as it is there, and none stays behind', () => {
  test.each(seeds(12))('with time in between (seed %i)', async (seed) => {
    expect(await quietLife(new World(seededRandom(seed), false), 60)).toEqual([]);
  });

  test.each(seeds(12))('all at once and with crashes (seed %i)', async (seed) => {
    expect(await hastyLife(new World(seededRandom(1000 + seed), true), 100)).toEqual([]);
  });
});
