"""Decir en español lo que Python, PyTorch y NumPy dicen en inglés al lanzar una excepción.

Una tabla de patrones: a la izquierda el texto original, entero; a la derecha lo mismo en español, con
las piezas concretas (nombres, tamaños) en su lugar. Lo que no está en la tabla no se sabe decir.
"""

from __future__ import annotations

import re

__all__ = ["in_spanish", "kind_in_spanish"]


def in_spanish(text: str) -> str:
    """Lo mismo que dice `text`, la primera línea de un error, en español; vacío si no se sabe decir.

    >>> in_spanish("name 'x' is not defined")
    'el nombre `x` no existe'
    >>> in_spanish("something new")
    ''
    """
    for pattern, said in _SAID:
        found = re.fullmatch(pattern, text)
        if found:
            return said.format(*(_piece(piece or "") for piece in found.groups()))
    return ""


def kind_in_spanish(error: BaseException) -> str:
    """Lo que dice la clase de `error`, si con ella basta y su texto no agrega nada; si no, vacío.

    >>> kind_in_spanish(ZeroDivisionError("float modulo"))
    'división por cero'
    """
    if type(error) is UnicodeEncodeError:
        letters = error.object[error.start : error.end]
        return f"{letters!r} no existe en la codificación {error.encoding}"
    return next((said for kind, said in _BY_KIND if isinstance(error, kind)), "")


def _piece(piece: str) -> str:
    """Los nombres y tamaños quedan como están; lo poco que hay entre ellos pasa al español."""
    for pattern, said in _BETWEEN:
        piece = re.sub(pattern, said, piece.strip())
    return piece


_BETWEEN = (
    (r",? and (?=['\"])", " y "),
    (r"(?<=\d) to (?=\d)", " a "),
    (r"^at least ", "al menos "),
    (r"^at most ", "a lo más "),
    (r"^(?:exactly )?one$", "1"),
    (r"^tuple of ints$", "tupla de enteros"),
    (r"^tuple of Tensors$", "lista de tensores"),
    (r"^Number$", "número"),
)

# Las clases que ya lo dicen todo.
_BY_KIND: tuple[tuple[type[BaseException], str], ...] = (
    (ZeroDivisionError, "división por cero"),
    (RecursionError, "demasiadas llamadas, una dentro de otra"),
    (OverflowError, "un número demasiado grande"),
    (MemoryError, "no hay tanta memoria"),
    (re.error, "esa expresión regular está mal escrita"),
)

_TYPE = r"'?([\w.]+)'?"  # el nombre de un tipo, a veces entre comillas

_SAID: tuple[tuple[str, str], ...] = (
    # posiciones y claves
    (r"list (?:assignment )?index out of range", "la lista no tiene esa posición"),
    (r"tuple index out of range", "la tupla no tiene esa posición"),
    (r"string index out of range", "el texto no tiene esa posición"),
    (r"range object index out of range", "el `range` no tiene esa posición"),
    (r"(?:index|pop index) out of range", "esa posición no existe"),
    (r"'?(?:pop from (?:an )?empty \w+|popitem\(\): dictionary is empty)'?", "no queda nada que sacar: está vacío"),
    (rf"(?:list|tuple|string|byte|range) indices must be integers(?: or slices)?, not {_TYPE}", "una posición debe ser un entero, no algo de tipo {0}"),
    (r"only integers, slices .*", "una posición debe ser un entero"),
    (r"slice indices must be integers .*", "los límites de un corte `[a:b]` deben ser enteros"),
    (r"slice step cannot be zero|range\(\) arg 3 must not be zero", "el paso no puede ser 0"),
    (r"step must be greater than zero", "los cortes de un tensor no pueden tener paso negativo"),
    (r"(.+) is not in (?:list|tuple|deque)", "{0} no está en la lista"),
    (r"(?:list|tuple)\.\w+\(x\): x not in (?:list|tuple)", "lo que buscas no está en la lista"),
    (r"substring not found", "lo que buscas no está en el texto"),
    # nombres
    (r"name '(.+)' is not defined", "el nombre `{0}` no existe"),
    (r"cannot access (?:local|free) variable '(.+)' where .*", "la variable `{0}` todavía no tiene un valor"),
    (r"module '(.+?)' has no attribute '(.+?)'.*", "el módulo `{0}` no tiene `{1}`"),
    (r"type object '(.+)' has no attribute '(.+)'", "la clase `{0}` no tiene `{1}`"),
    (r"'(.+)' object has no attribute '(.+?)'.*", "algo de tipo {0} no tiene `{1}`"),
    (r"No module named '(.+)'.*", "no se encuentra el módulo `{0}`"),
    (r"cannot import name '(.+?)' from (?:partially initialized module )?'(.+?)'.*", "el módulo `{1}` no tiene `{0}`"),
    (r"\[Errno 2\] [^:]*: (.+)", "no existe el archivo {0}"),
    (r"\[Errno \d+\] [^:]*: (.+)", "no se puede usar el archivo {0}"),
    # operaciones entre tipos que no se entienden
    (r"unsupported operand type\(s\) for (\S+?)(?: or (?:pow\(\)|\*\*=))?: '(.+)' and '(.+)'", "no se puede calcular `{1} {0} {2}`"),
    (r"can only concatenate (\w+) \(not \"(.+)\"\) to \w+", "no se puede calcular `{0} + {1}`"),
    (r"can't concat (\w+) to (\w+)", "no se puede calcular `{1} + {0}`"),
    (r"'(\S+)' not supported between instances of '(.+)' and '(.+)'", "no se puede comparar `{1} {0} {2}`"),
    (r"can't multiply sequence by non-int of type '(.+)'", "una secuencia solo se multiplica por un entero, no por algo de tipo {0}"),
    (r"bad operand type for (?:unary )?(\S+): '(.+)'", "no se puede aplicar `{0}` a algo de tipo {1}"),
    (r"type (\S+) doesn't define __(\w+)__ method", "no se puede aplicar `{1}` a algo de tipo {0}"),
    # lo que un objeto no deja hacer
    (r"'(.+)' object is not iterable", "no se puede recorrer algo de tipo {0}"),
    (r"argument of type '(.+)' is not .*iterable", "no se puede buscar con `in` en algo de tipo {0}"),
    (r"'in <string>' requires string as left operand, not (.+)", "en un texto solo se busca otro texto, no algo de tipo {0}"),
    (r"'(.+)' object is not an iterator", "`next` no sirve con algo de tipo {0}"),
    (r"'(.+)' object is not reversible", "no se puede recorrer al revés algo de tipo {0}"),
    (r"'(.+)' object is not callable", "algo de tipo {0} no se puede llamar con paréntesis"),
    (r"(?:type )?'(.+?)' (?:object )?is not subscriptable", "algo de tipo {0} no admite corchetes"),
    (r"'(.+)' object (?:does not|doesn't) support item \w+", "no se pueden cambiar las posiciones de algo de tipo {0}"),
    (r"object of type '(.+)' has no len\(\)", "algo de tipo {0} no tiene largo (`len`)"),
    (r"unhashable type: '(.+)'|cannot use '(.+)' as a .*", "algo de tipo {0}{1} no sirve de clave"),
    (r"'(.+)' object cannot be interpreted as an integer", "se esperaba un entero y llegó algo de tipo {0}"),
    (r"(?:dictionary|Set) changed size during iteration", "el diccionario o conjunto cambió de tamaño mientras se recorría"),
    (r"generator raised StopIteration", "se acabaron los elementos dentro de un generador"),
    (r"(.*) \((\d+) sub-exceptions?\)", "{0} (reúne otras: {1})"),
    # repartir
    (r"too many values to unpack \(expected (\d+)(?:, got \d+)?\)", "hay más valores que variables: se esperaban {0}"),
    (r"not enough values to unpack \(expected (?:at least )?(\d+), got (\d+)\)", "hay menos valores que variables: se esperaban {0} y llegaron {1}"),
    (r"cannot unpack non-iterable (.+) object", "algo de tipo {0} no se puede repartir en varias variables"),
    (r"zip\(\) argument (\d+) is (?:shorter|longer) than .*", "la secuencia {0} de `zip` tiene otro largo que las anteriores"),
    # llamadas
    (r"(.+)\(\) missing (?:\d+ )?required (?:[\w-]+ )?arguments?:? (.+?)(?: \(pos \d+\))?", "falta dar {1} al llamar a `{0}`"),
    (r"(.+)\(\) takes no .*arguments.*", "`{0}` no recibe esos argumentos"),
    (r"(.+)\(\) takes (?:from )?(.+?) (?:positional )?arguments? but (\d+) \w+ given", "argumentos que recibe `{0}`: {1}; le diste {2}"),
    (r"(.+)\(\) takes (.+?) (?:positional |keyword )?arguments? \((\d+) given\)", "argumentos que recibe `{0}`: {1}; le diste {2}"),
    (r"(\w+) expected (.+?) arguments?, got (\d+)", "argumentos que recibe `{0}`: {1}; le diste {2}"),
    (r"([\w.]+) requires (.+) arguments", "argumentos que recibe `{0}`: {1}"),
    (r"(.+)\(\) got an unexpected keyword argument '(.+)'", "`{0}` no tiene un argumento `{1}`"),
    (r"'(.+)' is an invalid keyword argument for (.+)\(\)", "`{1}` no tiene un argumento `{0}`"),
    (r"(.+)\(\) got multiple values for argument '(.+)'", "`{0}` recibe dos veces el argumento `{1}`"),
    (r"(.+)\(\) received an invalid combination of arguments - got \((.*?)(?:, )?\), .*", "`{0}` no acepta estos argumentos: ({1})"),
    (r"(.+)\(\): argument '(.+)' failed to unpack .*but got (\w+)\"", "en `{0}`, `{1}` debe tener solo enteros y llegó algo de tipo {2}"),
    (r"(.+)\(\): argument '(.+)'(?: \(position \d+\))? must be (.+), not (.+)", "en `{0}`, el argumento `{1}` debe ser de tipo {2} y llegó uno de tipo {3}"),
    (rf"must be real number, not {_TYPE}", "se esperaba un número y llegó algo de tipo {0}"),
    (rf"(?:\w+\(\) argument \d+ )?must be str(?: or None)?, not {_TYPE}", "se esperaba un texto y llegó algo de tipo {0}"),
    (rf"(int|float)\(\) argument must be .*, not {_TYPE}", "`{0}` no sabe convertir algo de tipo {1}"),
    (rf"(startswith|endswith) first arg must be .*, not {_TYPE}", "`{0}` espera un texto o una tupla de textos, no algo de tipo {1}"),
    (r"sequence item (\d+): expected str instance, (.+) found", "`join` une solo textos y en la posición {0} hay algo de tipo {1}"),
    (r"can only join an iterable", "`join` une una secuencia de textos"),
    (rf"expected string or bytes-like object(?:, got {_TYPE})?", "se esperaba un texto y llegó algo de tipo {0}"),
    (r"ord\(\) expected a character, but string of length (\d+) found", "`ord` espera un carácter y llegó un texto de largo {0}"),
    (r"ord\(\) expected string of length 1, but (.+) found", "`ord` espera un carácter y llegó algo de tipo {0}"),
    # números y textos
    (r"invalid literal for int\(\) with base \d+: (.+)", "{0} no se puede convertir en un entero"),
    (r"could not convert string to float: (.+)", "{0} no se puede convertir en un número"),
    (r"cannot convert float NaN to integer", "NaN no se puede convertir en un entero"),
    (r"cannot convert float infinity to integer", "∞ no se puede convertir en un entero"),
    (r"math domain error", "esa operación no está definida para ese número"),
    (r"expected a .*, got (.+)", "esa operación no está definida para {0}"),
    (r"(min|max)\(\) (?:arg is an empty sequence|iterable argument is empty)", "`{0}` de una secuencia vacía"),
    (r"empty separator", "`split` necesita un separador que no esté vacío"),
    (r"'(.+)' codec can't decode .*", "esos bytes no son un texto en {0}"),
    (r"Exceeds the limit .* for integer string conversion.*", "un entero con demasiadas cifras para escribirlo"),
    (r"Replacement index (\d+) out of range .*", "a `format` le falta el valor {0}"),
    (r"Single '(.)' encountered in format string|.*'([{}])' (?:before end of string|in f.*)", "el texto que recibe `format` tiene una llave suelta"),
    (rf"unsupported format string passed to {_TYPE}\.__format__", "ese formato no sirve para algo de tipo {0}"),
    (r"Unknown format code '(.+)' for object of type '(.+)'", "el formato `{0}` no sirve para algo de tipo {1}"),
    (r"not enough arguments for format string", "faltan valores para el texto con `%`"),
    (r"not all arguments converted during string formatting", "sobran valores para el texto con `%`"),
    (rf"(%\w) format: an? .* is required, not {_TYPE}", "`{0}` espera un número y llegó algo de tipo {1}"),
    # formas
    (r"The size of tensor a \((\d+)\) must match the size of tensor b \((\d+)\) at non-singleton dimension (\d+)", "las formas no calzan: en el eje {2}, un tensor mide {0} y el otro {1}"),
    (r"mat1 and mat2 shapes cannot be multiplied \((.+) and (.+)\)", "no se puede multiplicar una matriz de {0} por una de {1}"),
    (r"size mismatch, got input \(.*\), mat \((.+)\), vec \((.+)\)", "no se puede multiplicar una matriz de {0} por un vector de {1}"),
    (r"inconsistent tensor size, expected tensor \[(\d+)\] and src \[(\d+)\] .*", "los dos vectores no miden lo mismo: {0} y {1}"),
    (r"Expected size for first two dimensions of batch2 tensor to be: (\[.+\]) but got: (\[.+\])\.", "el segundo tensor debe empezar con la forma {0} y empieza con {1}"),
    (r"1D tensors expected, but got (\d)D and (\d)D tensors", "se esperaban dos vectores y llegaron tensores de {0} y {1} ejes"),
    (r"\w+ must be a (?:matrix|2D tensor)", "se esperaba una matriz"),
    (r"\w+ must be a 3D tensor", "se esperaba un tensor de 3 ejes"),
    (r"(\w+): Expected 1-D argument \w+, but got (\d)-D", "`{0}` espera un vector y llegó un tensor de {1} ejes"),
    (r"(tril|triu): input tensor must have at least 2 dimensions", "`{0}` necesita al menos dos ejes"),
    (r"shape '(.+)' is invalid for input of size (\d+)", "{1} números no caben justos en la forma {0}"),
    (r"cannot reshape array of size (\d+) into shape (.+)", "{0} números no caben justos en la forma {1}"),
    (r"only one dimension can be inferred|can only specify one unknown dimension", "solo un tamaño puede ser −1"),
    (r"(?:invalid shape|Trying to create tensor with negative) dimension (-\d+).*", "un tamaño no puede ser {0}"),
    (r"(?:\w+: )?(?:Dimension size must be non-negative\.|negative dimensions are not allowed)", "un tamaño no puede ser negativo"),
    (r"view size is not compatible .*", "`view` necesita los números seguidos en la memoria, y tras un `transpose` no lo están: usa `reshape`"),
    (r"Dimension out of range \(expected to be in range of \[(-?\d+), (-?\d+)\], but got (-?\d+)\)", "no existe el eje {2}: van de {0} a {1}"),
    (r"axis (-?\d+) is out of bounds for array of dimension (\d+)", "no existe el eje {0}: se cuentan desde 0, y hay {1}"),
    (r"permute.* input\.dim\(\) = (\d+) is not equal to len\(dims\) = (\d+)", "ejes que nombra `permute`: {1}; ejes del tensor: {0}"),
    (r"permute\(\): duplicate dims are not allowed\.|repeated axis in transpose", "un eje se nombra dos veces"),
    (r"index (-?\d+) is out of bounds for (?:dimension|axis) (\d+) with size (\d+)", "la posición {0} no existe en el eje {1}, que mide {2}"),
    (r"index (-?\d+) is out of bounds for array with size (\d+)", "la posición {0} no existe: hay {1}"),
    (r"out of range: tried to access index (-?\d+) on a tensor of (\d+) elements\.", "la posición {0} no existe: hay {1}"),
    (r"index out of range in self", "un índice es mayor que la tabla"),
    (r"Target (-?\d+) is out of bounds\.", "la clase {0} no existe"),
    (r"Class values must be .*", "una clase no puede ser negativa, ni pasar del número de clases"),
    (r"bincount only supports .*", "`bincount` cuenta enteros que no sean negativos, en un vector"),
    (r"Expected input batch_size \((\d+)\) to match target batch_size \((\d+)\)\.", "hay {0} predicciones y {1} respuestas"),
    (r"Given normalized_shape=(\[.*?\]), .* but got input of size(\[.*\])", "se normaliza sobre la forma {0} y llegó un tensor de forma {1}"),
    (r"repeats must have the same size as input along dim, .* = (\d+) .* = (\d+)", "`repeat_interleave` recibe {0} repeticiones para {1} elementos"),
    (r"too many indices for tensor of dimension (\d+)", "pides más ejes de los que hay: el tensor tiene {0}"),
    (r"too many indices for array: array is (\d+)-dimensional, but (\d+) were indexed", "pides {1} ejes y el arreglo tiene {0}"),
    (r"invalid index (?:of a 0-dim tensor|to scalar variable)\..*|(?:len\(\) of|iteration over) a 0-d tensor", "es un solo número, sin ejes: ni se recorre ni tiene posiciones"),
    (r"The shape of the mask (\[.*\]) at index \d+ does not match the shape of the indexed tensor (\[.*\]) at index \d+", "la máscara tiene forma {0} y el tensor, {1}"),
    (r"boolean index did not match .* along \w+ (\d+); .*? is (\d+) but .* is (\d+)", "la máscara mide {2} en el eje {0} y el arreglo, {1}"),
    (r"shape mismatch: indexing \w+ could not be broadcast together with shapes (.+)", "los índices tienen formas que no calzan: {0}"),
    (r"shape mismatch: value tensor of shape (.+) cannot be broadcast to indexing result of shape (.+)", "se quiso escribir algo de forma {0} en un lugar de forma {1}"),
    (r"tensors used as indices must be .*", "un tensor que sirve de índice debe ser de enteros o de valores lógicos"),
    (r"(\w+)\(\): Expected dtype int32(?:/| or )int64 for index", "en `{0}`, el índice debe ser un tensor de enteros"),
    (r"Index tensor must have the same number of dimensions as .*", "el índice debe tener tantos ejes como el tensor"),
    (r"(?:Size does not match at dimension \d+ e|E)xpected index (\[.*?\]) .* self (\[.*?\]).*", "el índice, de forma {0}, no cabe en el tensor, de forma {1}"),
    (r"The expanded size of the tensor \((\d+)\) must match the existing size \((\d+)\) at non-singleton dimension (\d+)\..*", "en el eje {2} se pide el tamaño {0} y hay {1}"),
    (r"expand\(torch\.\w+\{(\[.*\])\}, size=(\[.*\])\).*", "`expand` no lleva la forma {0} a la forma {1}"),
    (r"Number of dimensions of repeat dims .*", "`repeat` necesita al menos un número por cada eje"),
    (r"unflatten: Provided sizes (\[.*\]) don't multiply up to the size of dim (\d+) \((\d+)\) .*", "`unflatten`: {0} no multiplican {2}, lo que mide el eje {1}"),
    (r"split_with_sizes expects split_sizes to sum exactly to (\d+) .* split_sizes=(.+)", "los trozos de `split`, {1}, no suman {0}"),
    (r"selected index k out of range", "`topk` pide más elementos de los que hay"),
    (r"Tensors must have same number of dimensions: got (\d+) and (\d+)", "se unen tensores con distinto número de ejes: {0} y {1}"),
    (r"Sizes of tensors must match except in dimension (\d+)\. Expected size (\d+) but got size (\d+) .*", "al unir tensores por el eje {0}, los otros ejes deben medir lo mismo, y miden {1} y {2}"),
    (r"stack expects each tensor to be equal size, but got (\[.*\]) at entry \d+ and (\[.*\]) at entry \d+", "`stack` une tensores de la misma forma, y hay uno de forma {0} y otro de forma {1}"),
    (r"torch\.cat\(\): expected a non-empty .*|stack expects a non-empty .*|need at least one array to \w+", "no hay nada que unir: la lista está vacía"),
    (r"zero-dimensional tensor \(at position \d+\) cannot be concatenated", "`cat` no une números sueltos: usa `stack`"),
    (r"expected Tensor as element (\d+) in argument 0, but got (.+)", "se unen tensores, y en la posición {0} hay algo de tipo {1}"),
    (r"all (?:the )?input array.*", "los arreglos que se unen deben tener formas que calcen"),
    (r"einsum\(\): subscript (\w) has size (\d+) for operand \d+ which does not broadcast with previously seen size (\d+)", "en `einsum`, la letra {0} mide {1} y antes medía {2}"),
    (r"operands could not be broadcast together with remapped shapes .*?: (.+) and requested shape (.+)", "la forma {0} no se extiende a la forma {1}"),
    (r"operands could not be broadcast together with shapes (.+)", "las formas no calzan: {0}"),
    (r"could not broadcast input array from shape (.+) into shape (.+)", "algo de forma {0} no cabe en un lugar de forma {1}"),
    (r"shapes (\(.*?\)) and (\(.*?\)) not aligned: .*", "no se pueden multiplicar arreglos de forma {0} y {1}"),
    (r"matmul: .*\(size (\d+) is different from (\d+)\)", "no se pueden multiplicar: los ejes que se suman miden {1} y {0}"),
    (r"(\w+)\(\): Expected reduction dim.*", "`{0}` de un tensor vacío"),
    (r"(?:zero-size array to reduction operation|attempt to get) (\w+) .*", "`{0}` de un arreglo vacío"),
    # tipos de los números
    (r"(?:expected m1 and m2 to have the same dtype, but got:|mat1 and mat2 must have the same dtype, but got|dot : expected both vectors to have same dtype, but found) (.+?) (?:!=|and) (.+)", "los dos tensores deben ser del mismo tipo, y son {0} y {1}"),
    (r"(?:expected scalar type )?(\w+) (?:but found|did not match) (\w+)", "los dos tensores deben ser del mismo tipo, y son {0} y {1}"),
    (r"\w+\(\): Expected self\.dtype to be equal to src\.dtype", "los dos tensores deben ser del mismo tipo"),
    (r"\"(\w+?)(?:(?:_lastdim)?_kernel_impl|_out_cpu|_cpu|_cuda)?\" not implemented for '(\w+)'", "esa operación (`{0}`) no existe para tensores de tipo {1}"),
    (r"(\w+)\(\): (?:could not infer output dtype\. )?[Ii]nput dtype (?:must|should) be .* Got:? (\w+).*", "`{0}` necesita números reales, no de tipo {1}"),
    (r"expected target dtype to be Long .*, but got (\w+)|one_hot is only applicable to index tensor of type LongTensor\.", "las clases deben ser enteros (Long)"),
    (r"Expected tensor for argument #\d+ '(\w+)' to have one of the following scalar types: .*; but got torch\.(\w+) instead .*", "`{0}` debe ser un tensor de enteros, no {1}"),
    (r"Expected query, key, and value to have the same dtype, .*", "consultas, claves y valores deben ser del mismo tipo"),
    (r"result type (\w+) can't be cast to the desired output type (.+)", "un resultado de tipo {0} no se puede guardar en un tensor de tipo {1}"),
    (r"masked_fill_? only supports boolean masks, but got mask with dtype (.+)", "la máscara debe ser de valores lógicos (bool), no de tipo {0}"),
    (r"where expected condition to be a boolean tensor, but got a tensor with dtype (\w+)", "la condición debe ser de valores lógicos (bool), no de tipo {0}"),
    (r"masked_fill_? only supports a 0-dimensional value tensor.*", "`masked_fill` rellena con un solo número"),
    (r"(?:Negation|Subtraction), the `-` operator.*", "no se puede restar con valores lógicos: para invertir una máscara usa `~`"),
    (r"~ \(operator\.invert\) is only .*", "`~` solo sirve con valores lógicos y enteros"),
    (r"a Tensor with (\d+) elements cannot be converted to Scalar", "un tensor con {0} elementos no es un solo número"),
    (r"(?:only one element tensors can|only (?:length-1|size-1|0-dimensional) arrays can|can only convert an array of size 1) .*", "varios números no se pueden convertir en uno solo"),
    (r"only integer tensors of a single element .*", "un tensor sirve de posición solo si es un único entero"),
    (r"Boolean value of Tensor with no values is ambiguous", "un tensor vacío no es ni verdadero ni falso"),
    (r"(?:Boolean value of Tensor|The truth value of an array) with more than one .*", "varios números a la vez no son ni verdadero ni falso"),
    (r"can't assign an? (\w+) to a torch\.\w+", "en un tensor no se puede guardar algo de tipo {0}"),
    (r"(?:new\(\): invalid data type|too many dimensions) '(.+)'|Could not infer dtype of (.+)", "un tensor no puede contener algo de tipo {0}{1}"),
    (r"can't convert np\.ndarray of type (\S+)\. .*", "un tensor no puede contener algo de tipo {0}"),
    (r"expected sequence of length (\d+) at dim \d+ \(got (\d+)\)", "las listas de adentro no miden lo mismo: {0} y {1}"),
    (r"not a sequence|setting an array element with a sequence\..*", "las listas de adentro no miden lo mismo"),
    (r"ufunc '(\w+)' .*", "`{0}` no sirve con esos tipos de datos"),
    (r"loop of ufunc does not support argument \d+ of type (\w+) which has no callable (\w+) method", "`{1}` no sirve con algo de tipo {0}"),
    (r"Cannot cast ufunc '\w+' output from dtype\('(.+)'\) to dtype\('(.+)'\) .*", "un resultado de tipo {0} no se puede guardar en un arreglo de tipo {1}"),
    (r"Integers to negative integer powers are not allowed\.", "un entero no se puede elevar a un exponente negativo"),
    (r".*argument must have no negative elements", "no puede haber números negativos"),
    (r"ZeroDivisionError", "división por cero"),
    # lo que un tensor no deja hacer
    (r"a (?:view of a )?leaf Variable that requires grad .*", "no se puede modificar en el lugar un tensor que lleva la cuenta de sus gradientes"),
    (r"Can't call numpy\(\) on Tensor that requires grad\..*", "un tensor que lleva la cuenta de sus gradientes no pasa a NumPy"),
    (r"element 0 of tensors does not require grad .*", "ese tensor no lleva la cuenta de sus gradientes"),
    (r"one of the variables needed for gradient computation has been modified .*", "se modificó un tensor que `backward` todavía necesitaba"),
    (r"Trying to backward through the graph a second time .*", "ya se hizo `backward` una vez desde ese tensor"),
    (r"grad can be implicitly created only for scalar outputs", "`backward` parte de un solo número"),
    (r"unsupported operation: (?:more than one element|some elements) .*", "varias posiciones comparten memoria, como tras `expand`: usa `clone` antes de modificar"),
    (r"Singular matrix", "la matriz no tiene inversa"),
    (r"assignment destination is read-only", "ese arreglo no se puede modificar"),
    (r".*can't allocate memory: you tried to allocate (\d+) bytes.*", "pides {0} bytes de memoria"),
    (r"Unable to allocate .* for an array with shape (.+?) and data type (.+)", "no hay memoria para un arreglo de forma {0} y tipo {1}"),
    (r"probability tensor contains .*|invalid multinomial distribution .*", "eso no son probabilidades: hay un negativo, un NaN, un ∞, o suman 0"),
    (r"probabilities do not sum to 1", "las probabilidades no suman 1"),
    (r"upper bound and lower bound inconsistent with step sign", "`arange` termina antes de donde empieza"),
    (r"Torch not compiled with CUDA enabled", "este equipo no tiene una GPU que PyTorch pueda usar"),
)  # fmt: skip
