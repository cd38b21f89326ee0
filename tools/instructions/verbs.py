"""Las oraciones que cambian de tiempo o de persona, con su respuesta."""

from __future__ import annotations

from .words import table

__all__ = ["FUTURE", "WE"]

# presente | futuro
FUTURE = table("""
Canto en el coro. | Cantaré en el coro.
Mi hermana estudia medicina. | Mi hermana estudiará medicina.
Los turistas visitan el castillo. | Los turistas visitarán el castillo.
Comemos en casa de Rosa. | Comeremos en casa de Rosa.
El tren llega a las nueve. | El tren llegará a las nueve.
Escribo una carta. | Escribiré una carta.
Las tiendas cierran temprano. | Las tiendas cerrarán temprano.
Compras demasiada fruta. | Comprarás demasiada fruta.
El equipo juega en Lima. | El equipo jugará en Lima.
Pinto la casa de verde. | Pintaré la casa de verde.
Mis abuelos viajan al sur. | Mis abuelos viajarán al sur.
La obra empieza a las siete. | La obra empezará a las siete.
Vendo mi bicicleta. | Venderé mi bicicleta.
Duermes en la litera de arriba. | Dormirás en la litera de arriba.
El cocinero prepara una tortilla. | El cocinero preparará una tortilla.
Bailamos toda la noche. | Bailaremos toda la noche.
El jardinero corta el pasto. | El jardinero cortará el pasto.
Leo una novela larga. | Leeré una novela larga.
Los alumnos aprenden a sumar. | Los alumnos aprenderán a sumar.
Hago la tarea después de almorzar. | Haré la tarea después de almorzar.
Tengo un perro negro. | Tendré un perro negro.
El director sale de viaje. | El director saldrá de viaje.
Mis primas vienen en auto. | Mis primas vendrán en auto.
Puedo ayudarte con la mudanza. | Podré ayudarte con la mudanza.
La abuela teje un gorro. | La abuela tejerá un gorro.
Ganamos el campeonato. | Ganaremos el campeonato.
El pintor expone sus cuadros. | El pintor expondrá sus cuadros.
Nadas en la piscina grande. | Nadarás en la piscina grande.
Los pescadores vuelven al puerto. | Los pescadores volverán al puerto.
Digo la verdad. | Diré la verdad.
El alcalde inaugura un puente. | El alcalde inaugurará un puente.
Caminamos hasta la playa. | Caminaremos hasta la playa.
""")

# yo | nosotros
WE = table("""
Yo leo el diario. | Nosotros leemos el diario.
Yo vivo en un edificio alto. | Nosotros vivimos en un edificio alto.
Yo bebo agua con hielo. | Nosotros bebemos agua con hielo.
Yo camino al trabajo. | Nosotros caminamos al trabajo.
Yo tengo dos gatos. | Nosotros tenemos dos gatos.
Yo juego al ajedrez. | Nosotros jugamos al ajedrez.
Yo hago pan los domingos. | Nosotros hacemos pan los domingos.
Yo escribo con tinta azul. | Nosotros escribimos con tinta azul.
Yo conozco ese camino. | Nosotros conocemos ese camino.
Yo salgo a correr. | Nosotros salimos a correr.
Yo duermo ocho horas. | Nosotros dormimos ocho horas.
Yo quiero un helado. | Nosotros queremos un helado.
Yo trabajo en una imprenta. | Nosotros trabajamos en una imprenta.
Yo puedo cargar la mesa. | Nosotros podemos cargar la mesa.
Yo traigo las bebidas. | Nosotros traemos las bebidas.
Yo riego las macetas. | Nosotros regamos las macetas.
Yo pienso en las vacaciones. | Nosotros pensamos en las vacaciones.
Yo estudio historia. | Nosotros estudiamos historia.
Yo voy al mercado. | Nosotros vamos al mercado.
Yo vendo miel. | Nosotros vendemos miel.
Yo veo las montañas. | Nosotros vemos las montañas.
Yo espero el bus. | Nosotros esperamos el bus.
Yo cuento chistes. | Nosotros contamos chistes.
Yo sé la respuesta. | Nosotros sabemos la respuesta.
Yo lavo los platos. | Nosotros lavamos los platos.
Yo prefiero el té. | Nosotros preferimos el té.
Yo cierro las ventanas. | Nosotros cerramos las ventanas.
Yo aprendo a bailar. | Nosotros aprendemos a bailar.
Yo pongo la mesa. | Nosotros ponemos la mesa.
Yo abro los regalos. | Nosotros abrimos los regalos.
""")
