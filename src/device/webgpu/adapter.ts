/** From `navigator.gpu` to a GPUDevice, and what there is to say about it. */

import { LabError, sentenceOf } from '../../base/errors.ts';
import type { DeviceInfo } from '../device.ts';

const wantedFeatures = ['timestamp-query', 'subgroups'] as const satisfies GPUFeatureName[];

/** A device has the specification's defaults unless it asks: 128 MiB for a binding, where most adapters have GiBs. */
const wantedLimits = [
  'maxBufferSize',
  'maxStorageBufferBindingSize',
  'maxComputeWorkgroupStorageSize',
  'maxComputeInvocationsPerWorkgroup',
  'maxComputeWorkgroupSizeX',
  'maxComputeWorkgroupSizeY',
] as const satisfies (keyof GPUSupportedLimits)[];

/** Of an adapter that says nothing of itself: Chrome has `info` from 127 on. */
const nameless = { vendor: '', architecture: '', device: '', description: '', isFallbackAdapter: false };

/**
 * Whether an adapter answers, here and now. Never throws.
 * @param softwareToo whether one that is emulated on the CPU will do
 */
export async function webGpuAvailable(softwareToo = true): Promise<boolean> {
  try {
    const adapter = await requestAdapter();
    return adapter !== null && (softwareToo || !describe(adapter.info ?? nameless, false).software);
  } catch {
    return false;
  }
}

/** The adapter that answers, for people, and whether it is emulated on the CPU. Never throws. */
export async function nameAdapter(): Promise<{ readonly name: string; readonly software: boolean }> {
  const adapter = await requestAdapter().catch(() => null);
  if (adapter === null) return { name: 'no adapter', software: true };
  const { label, software } = describe(adapter.info ?? nameless, false);
  return { name: label, software };
}

/**
 * A GPUDevice with the adapter's own limits and what it has of the features we use.
 * @throws LabError 'environment' where there is no WebGPU, no adapter, or the adapter refuses.
 */
export async function acquireGpu(label: string): Promise<{ gpu: GPUDevice; info: DeviceInfo }> {
  if (gpuOfNavigator() === undefined) {
    throw new LabError(
      'environment',
      'This browser has no WebGPU here. Use Chrome or Edge 113+, Safari 26+ or Firefox 141+ over https or localhost, ' +
        "or choose the 'cpu' device.",
    );
  }
  const adapter = await requestAdapter();
  if (adapter === null) {
    throw new LabError(
      'environment',
      'WebGPU found no graphics adapter. Turn on graphics acceleration in the browser settings, start Chrome with ' +
        "--enable-unsafe-webgpu --use-webgpu-adapter=swiftshader, or choose the 'cpu' device.",
    );
  }
  try {
    const gpu = await adapter.requestDevice({
      label,
      requiredFeatures: wantedFeatures.filter((feature) => adapter.features.has(feature)),
      requiredLimits: Object.fromEntries(wantedLimits.map((limit) => [limit, adapter.limits[limit]])),
    });
    const info = describe(adapter.info ?? nameless, gpu.features.has('timestamp-query'));
    return { gpu, info: { ...info, maxTensorBytes: longestTensor(gpu) } };
  } catch (cause) {
    throw new LabError('environment', `The graphics adapter gave no device: ${sentenceOf(cause)}`, { cause });
  }
}

/** A tensor is a buffer, and bound as a whole. */
export function longestTensor({ limits }: GPUDevice): number {
  return Math.min(limits.maxBufferSize, limits.maxStorageBufferBindingSize);
}

/** What a DeviceInfo says of an adapter. Browsers leave out most fields, so that pages cannot tell users apart. */
function describe(adapter: typeof nameless, timestamps: boolean): DeviceInfo {
  const { vendor, architecture, device, description } = adapter;
  const names = [vendor, architecture, device, description].join(' ');
  const software = adapter.isFallbackAdapter || /swiftshader|llvmpipe|lavapipe|basic render/i.test(names);
  const known =
    description || [vendor, architecture].filter(Boolean).map(capitalised).join(' ') || 'Unnamed adapter';
  const name = architecture === 'swiftshader' ? 'SwiftShader' : known;
  return {
    kind: 'webgpu',
    label: software ? `${name} (software)` : name,
    software,
    adapter: { vendor, architecture, device, description },
    timestamps,
    keepsPacked: true,
  };
}

function gpuOfNavigator(): GPU | undefined {
  // The type promises it, but insecure pages, older browsers and Node do not have it.
  return (globalThis.navigator as { gpu?: GPU } | undefined)?.gpu;
}

/** Chromium 156 answers null to the first request after its start, on every start, and then the next one has it. */
const REQUESTS = 3;
const PAUSE_MS = 100;

async function requestAdapter(): Promise<GPUAdapter | null> {
  const gpu = gpuOfNavigator();
  for (let i = 0; gpu !== undefined && i < REQUESTS; i++) {
    if (i > 0) await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
    if (adapter !== null) return adapter;
  }
  return null;
}

function capitalised(word: string): string {
  return word.length <= 3 ? word.toUpperCase() : word.charAt(0).toUpperCase() + word.slice(1);
}
