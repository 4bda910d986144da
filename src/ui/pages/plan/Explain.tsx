import { Panel } from '#ui/components/Panel.tsx';
import { Prose } from '#ui/components/term/Defined.tsx';
import { SourcesKey } from './From.tsx';
import css from './plan.module.css';

const LEFT_OUT = [
  'Overlap of the links with computing, which hides a part of them; and speculative decoding, which takes several tokens a step.',
  'Kernels that do not fill the GPU: a product that is cut is smaller, and slower a FLOP. One share of the peaks stands for all.',
  'Imbalance of experts beyond chance: each token chooses evenly and by itself here; real tokens agree more often.',
  'Topologies: the links of a node are as fast between any two GPUs, and no other job is on the network.',
  'Copies share nothing, but for experts that are spread over them; prompts that begin alike are read anew.',
];

/** How the figures come about, and what they do not know. */
export function Explain() {
  return (
    <Panel title="How this is worked out" hint="and what it leaves out">
      <Prose>
        {' '}
        <p className={`quiet pad-foot ${css['note']}`}>
          A step reads all weights once and the cache of each sequence, or computes their products, whichever
          takes longer, at a share of the GPU’s peaks; then come the collectives, each by the quickest of what
          a library would choose from (one shot, two shots, ring, tree, in the switch), and for each layer a
          fixed time in which kernels begin and end. Memory is weights, cache and activations of the fullest
          GPU, 1.2 GB for the runtime, and the tenth that engines leave free. The shares and times can be
          changed under “Constants”.
        </p>
        <p className={`quiet pad-foot ${css['note']}`}>
          A step of training takes three times the FLOPs of a pass and twice its collectives; stages take one
          sequence after another and wait as the pipeline fills and runs dry; gradients are summed at the end.
          Memory is as Megatron-LM trains: bfloat16, sequence parallelism, selective recomputation, and an
          optimizer that the copies share out.
        </p>
        <ul className={`quiet pad-foot ${css['note']} ${css['list']}`}>
          {LEFT_OUT.map((sentence) => (
            <li key={sentence}>{sentence}</li>
          ))}
        </ul>
        <SourcesKey />
      </Prose>{' '}
    </Panel>
  );
}
