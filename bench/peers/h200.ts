/**
 * Float32 products on an NVIDIA H200 in Chromium 156, driver 580.159.04, 27 November 2026, TFLOP/s. The peers by the wall
 * time of queued runs, so that small ones have the browser's waits in them; the tiles, which are those of
 * src/device/webgpu/products.ts, by timestamps, before they were in the tree; PyTorch 2.11 by CUDA events, without TF32.
 */

import { intensityOf, type Mark, type RoofPanel } from './roof.ts';

const SHAPES = [
  [512, 512, 512],
  [1024, 1024, 1024],
  [2048, 2048, 2048],
  [4096, 4096, 4096],
  [64, 2048, 8192],
  [128, 4096, 4096],
  [1, 2048, 2048],
  [1, 4096, 4096],
] as const;

export const H200: RoofPanel = {
  title: 'An NVIDIA H200, WebGPU in Chromium 156',
  // 67 TFLOP/s of float32 are the datasheet's; PyTorch copies 4.2 TB/s.
  roof: { rate: 67_000, traffic: 4200 },
  roofText: 'datasheet: 67 TFLOP/s; a copy: 4,200 GB/s',
  series: [
    series('Ringside’s tiles', 'ours', [17.037, 34.956, 41.552, 42.525, 31.035, 32.174, 1.727, 1.807]),
    series('ONNX Runtime', 'square', [0.367, 2.716, 15.751, 20.652, 2.606, 6.834, 0.009, 0.046]),
    series('TensorFlow.js', 'triangle', [2.287, 3.935, 17.826, 21.161, 3.43, 6.43, 0.036, 0.052]),
    series('jax-js', 'diamond', [0.762, 5.611, 22.049, 18.911, 4.311, 4.715, 0.042, 0.042]),
    series('PyTorch, CUDA', 'cross', [9.28, 35.74, 47.521, 48.546, 29.602, 40.608, 0.46, 1.435]),
  ],
};

function series(label: string, mark: Mark, teraflops: readonly number[]): RoofPanel['series'][number] {
  return {
    label,
    mark,
    points: SHAPES.map(([m, k, n], i) => ({
      intensity: intensityOf(m, k, n),
      gflops: 1000 * (teraflops[i] ?? 0),
    })),
  };
}
