/** The worker of a rank on the Layers page. */

import { serve } from '../../../host/serve.ts';
import { createLayerProgram } from './program.ts';

serve(createLayerProgram);
