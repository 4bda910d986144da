/** What every device does alike. Each test file runs this for the devices it can open. */

import { testAttention } from './attentionTests.ts';
import { testCopies } from './copyTests.ts';
import { testElements } from './elementTests.ts';
import { testGate } from './gateTests.ts';
import { testHost } from './hostTests.ts';
import { testInPlace } from './inPlaceTests.ts';
import { testLinear } from './linearTests.ts';
import { testNorms } from './normTests.ts';
import { testPacked, testPackedLinear } from './packedTests.ts';
import { testPerHead } from './perHeadTests.ts';
import { testPrepare } from './prepareTests.ts';
import { testRopes } from './ropeTests.ts';
import { testRows } from './rowTests.ts';
import { testSpans } from './spanTests.ts';
import { testTensors } from './tensorTests.ts';
import { testTop } from './topTests.ts';
import { type Open, type UnderTest, underTest } from './underTest.ts';

/** Of a way to multiply. @param slow that takes seconds to compile */
export function testProducts(open: Open, slow = false): UnderTest {
  const under = underTest(open);
  testLinear(under);
  testPackedLinear(under, slow);
  return under;
}

/** Tensors, `linear`, and the traffic with the host. */
export function testDevice(open: Open): void {
  const under = underTest(open);
  testTensors(under);
  testLinear(under);
  testHost(under);
  testPrepare(under);
}

/** All other operations: once for each device. */
export function testOperations(open: Open): UnderTest {
  const under = underTest(open);
  testPacked(under);
  testPerHead(under);
  testCopies(under);
  testInPlace(under);
  testElements(under);
  testRopes(under);
  testNorms(under);
  testRows(under);
  testTop(under);
  testAttention(under);
  testGate(under);
  testSpans(under);
  return under;
}
