/** The worker of a rank that runs a model. */

import { serve } from '../../../host/serve.ts';
import { createModelProgram } from './program.ts';

serve(createModelProgram);
