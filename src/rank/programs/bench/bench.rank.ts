/** The worker of a rank in the benchmark. */

import { serve } from '../../../host/serve.ts';
import { createBenchProgram } from './program.ts';

serve(createBenchProgram);
