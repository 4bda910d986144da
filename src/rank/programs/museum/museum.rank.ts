/** The worker of the museum. */

import { serve } from '../../../host/serve.ts';
import { createMuseumProgram } from './program.ts';

serve(createMuseumProgram);
