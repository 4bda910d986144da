/** The worker of the tuner. */

import { serve } from '../../../host/serve.ts';
import { createTuningProgram } from './program.ts';

serve(createTuningProgram);
