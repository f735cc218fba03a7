"""The stations of the walk-through as data: formula, sources, code and links. Their texts stand in ``learn.json``.

Letters of the formulas: B batch, T tokens, C width, H heads, D = C / H, P side of a patch, h and w sides of a picture.
"""

from __future__ import annotations

from dataclasses import dataclass

from core.learn.links import PAIR, STATIONS, View, attention, claim, journey, square_journey


@dataclass(frozen=True)
class Station:
    """``formula``: LaTeX. ``sources``: who said it. ``code``: module:name of the lines that run. ``opens``: views."""

    name: str
    formula: str
    sources: str
    opens: tuple[View, ...]
    code: tuple[str, ...] = ()


ALL = (
    Station(
        "attention",
        r"c_i = \sum_{j=1}^{T} a_{ij}\, v_j, \qquad a_{ij} \ge 0, \qquad \sum_{j=1}^{T} a_{ij} = 1",
        "Bahdanau, Cho & Bengio, 2015 (arXiv:1409.0473); Vaswani et al., 2017 (arXiv:1706.03762);"
        " Clark et al., 2019 (arXiv:1906.04341)",
        (attention("matrix", mean="1"), claim("explains")),
    ),
    Station(
        "self",
        r"\begin{gathered} Q = X W_Q, \quad K = X W_K, \quad V = X W_V \\"
        r" X \in \mathbb{R}^{T \times C} \end{gathered}",
        "Vaswani et al., 2017 (arXiv:1706.03762), 3.2",
        (attention("heads"), attention("bertviz"), journey("project")),
        ("core.networks.bert:MultiHeadAttention.project",),
    ),
    Station(
        "vectors",
        r"s_{ij} = q_i \cdot k_j = \sum_{d=1}^{D} q_{id}\, k_{jd}, \qquad D = C / H",
        "Vaswani et al., 2017 (arXiv:1706.03762), 3.2.1",
        (attention("inside"), journey("scores", level="product", head="1")),
        ("core.networks.bert:MultiHeadAttention.split",),
    ),
    Station(
        "softmax",
        r"A = \mathrm{softmax}\!\left(\frac{Q K^{\top}}{\sqrt{D}} + M\right), \qquad M_{ij} \in \{0, -10^{9}\}",
        "Vaswani et al., 2017 (arXiv:1706.03762), eq. 1",
        (attention("inside"), journey("softmax", level="head", head="1")),
        ("core.networks.attention:scaled_dot_product_attention", "core.networks.attention:padding_mask"),
    ),
    Station(
        "heads",
        r"\begin{gathered} \mathrm{MultiHead}(X) = \left[A_1 V_1;\, \dots;\, A_H V_H\right] W_O \\"
        r" H \cdot D = C \end{gathered}",
        "Vaswani et al., 2017 (arXiv:1706.03762), 3.2.2; Michel, Levy & Neubig, 2019 (arXiv:1905.10650)",
        (attention("grid"), claim("heads"), claim("parallel"), journey("join")),
        ("core.networks.bert:MultiHeadAttention.forward",),
    ),
    Station(
        "encoder",
        r"\begin{aligned} X' &= \mathrm{LN}\bigl(X + \mathrm{Attention}(X)\bigr) \\"
        r" X'' &= \mathrm{LN}\bigl(X' + W_2\, \mathrm{GELU}(W_1 X' + b_1) + b_2\bigr) \end{aligned}",
        "Vaswani et al., 2017 (arXiv:1706.03762), 3.1; Hendrycks & Gimpel, 2016 (arXiv:1606.08415)",
        (attention("build"), claim("layers"), claim("stacks"), journey("gelu")),
        ("core.networks.bert:EncoderLayer", "core.networks.bert:AddNorm", "core.networks.bert:FeedForward"),
    ),
    Station(
        "embeddings",
        r"x_t = \mathrm{LN}\bigl(e^{\mathrm{token}}_{t} + e^{\mathrm{position}}_{t} + e^{\mathrm{segment}}_{t}\bigr)",
        "Devlin et al., 2019 (arXiv:1810.04805), figure 2; Haviv et al., 2022 (arXiv:2203.16634)",
        (attention("embeddings", **PAIR), claim("positions"), claim("segments"), journey("sum", layer=0)),
        ("core.networks.bert:Embeddings.parts", "core.networks.bert:Embeddings.forward"),
    ),
    Station(
        "bert",
        r"\begin{gathered} p = \tanh\bigl(W\, h_{\mathrm{[CLS]}} + b\bigr) \\"
        r" \text{parameters} \approx V C + L\,(4 C^2 + 2 C F) \end{gathered}",
        "Devlin et al., 2019 (arXiv:1810.04805); Maas et al., 2011 (IMDB)",
        (attention("build"), claim("intermediate"), journey("verdict", layer=5, level="stack")),
        ("core.networks.bert:Pooler", "core.networks.bert:create_bert", "core.training.bert_sentiment:SentimentTask"),
    ),
    Station(
        "patches",
        r"\begin{gathered} T = \frac{h\,w}{P^2} + 1, \qquad \text{cost} \propto T^2 \\"
        r" A = \mathrm{softmax}\!\left(\frac{Q K^{\top}}{\sqrt{D}} + R\right) \end{gathered}",
        "Dosovitskiy et al., 2021 (arXiv:2010.11929); Bao et al., 2022 (arXiv:2106.08254)",
        (
            View("segmentation", "patch"),
            square_journey("bias", 1, "head", head="1"),
            View("segmentation", "journey"),
            View("cifar", "picture"),
            claim("places"),
            claim("scene"),
        ),
        ("core.networks.beit:layer_forward",),
    ),
    Station(
        "masking",
        r"\mathcal{L} = -\sum_{i \in \mathcal{M}} \log p\bigl(z_i \mid x^{\mathcal{M}}\bigr),"
        r" \qquad |\mathcal{M}| \approx 0.4\,(T - 1)",
        "Bao et al., 2022 (arXiv:2106.08254), 2.3; He et al., 2022 (arXiv:2111.06377)",
        (attention("heads", masked="2"), View("cifar", "reasons")),
    ),
    Station(
        "segmentation",
        r"\mathrm{IoU}_k = \frac{|\,\mathrm{prediction}_k \cap \mathrm{truth}_k|}"
        r"{|\,\mathrm{prediction}_k \cup \mathrm{truth}_k|}",
        "Zhou et al., 2017 (ADE20K); Xiao et al., 2018 (arXiv:1807.10221); Brostow et al., 2009 (CamVid)",
        (View("segmentation", "overlay"), View("segmentation", "truth"), claim("scene")),
        ("core.training.fine_tune:Reference", "core.training.fine_tune:CountingTrainer"),
    ),
    Station(
        "versus",
        r"\begin{gathered} \mathrm{MLP}(x) ="
        r" \log \mathrm{softmax}\bigl(W_4\, \rho(W_3\, \rho(W_2\, \rho(W_1 x)))\bigr) \\"
        r" x \in \mathbb{R}^{3072} \end{gathered}",
        "Krizhevsky, 2009 (CIFAR-10); Bao et al., 2022 (arXiv:2106.08254)",
        (View("cifar", "evaluation"), View("cifar", "curves"), View("cifar", "reasons"), claim("neighbours")),
        ("core.networks.mlp:Mlp.forward",),
    ),
    Station(
        "convolution",
        r"\begin{aligned} y_i^{\mathrm{conv}} &= \sum_{j \in N(i)} w_{j-i}\, x_j \\"
        r" y_i^{\mathrm{attention}} &= \sum_{j=1}^{T} a_{ij}(x)\, v_j \end{aligned}",
        "Cordonnier, Loukas & Jaggi, 2020 (arXiv:1911.03584); LeCun et al., 1989",
        (claim("reach"), View("segmentation", "patch")),
        ("core.networks.beit:scores_of",),
    ),
)
BY_NAME = {station.name: station for station in ALL}
assert tuple(BY_NAME) == STATIONS, "the stations and their order are those of core/learn/links.py"
