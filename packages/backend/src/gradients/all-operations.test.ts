import { testOperations } from '../test-support';
import { elementwise } from '../verify/cases/elementwise';
import { movement } from '../verify/cases/movement';
import { productsAndNorms } from '../verify/cases/products';
import { reductions } from '../verify/cases/reductions';

testOperations([...elementwise, ...reductions, ...movement, ...productsAndNorms]);
