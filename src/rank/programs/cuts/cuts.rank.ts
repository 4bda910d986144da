/** The worker of the story's pair. */

import { serve } from '../../../host/serve.ts';
import { createCutsProgram } from './program.ts';

serve(createCutsProgram);
