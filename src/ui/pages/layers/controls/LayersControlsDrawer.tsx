import { LAYER_CHOICES } from '#lab/layers/params.ts';
import { ControlsDrawer } from '#ui/components/ControlsDrawer.tsx';
import { counted } from '#ui/components/words.ts';
import { useLayers } from '../useLayers.ts';
import { LayersControls } from './LayersControls.tsx';

export function LayersControlsDrawer() {
  const { layer, ranks, tokens } = useLayers((state) => state.params);
  const wrong = useLayers((state) => state.problem !== null);
  const summary = (
    <>
      <span>{LAYER_CHOICES.find(({ id }) => id === layer)?.label ?? layer}</span>
      <span>{counted(ranks, 'rank')}</span>
      <span>{counted(tokens, 'token')}</span>
    </>
  );
  return (
    <ControlsDrawer summary={summary} wrong={wrong}>
      <LayersControls />
    </ControlsDrawer>
  );
}
