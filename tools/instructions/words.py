"""Las tablas de palabras de las que salen ejemplos: opuestos, categorías, usos, rimas…

Todas se escribieron para este curso. Cada línea es una ficha; sus campos se separan con « | ».
"""

from __future__ import annotations

__all__ = [
    "ANTONYMS",
    "CATEGORIES",
    "DEMONYMS",
    "DIMINUTIVES",
    "JOBS",
    "RHYMES",
    "SPELLED",
    "SYNONYMS",
    "USES",
    "split",
    "table",
]


def table(text: str) -> tuple[tuple[str, ...], ...]:
    """Devuelve las fichas de `text`: una por línea, con sus campos."""
    return tuple(tuple(line.split(" | ")) for line in text.strip().splitlines())


def split(text: str) -> tuple[str, ...]:
    """Devuelve las palabras de `text`."""
    return tuple(text.split())


def _pairs(text: str) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(pair.split(":")) for pair in text.split())


ANTONYMS = _pairs("""
alto:bajo grande:pequeño frío:caliente día:noche abrir:cerrar subir:bajar rápido:lento lleno:vacío
limpio:sucio fuerte:débil claro:oscuro dulce:amargo seco:mojado duro:blando ancho:estrecho
largo:corto gordo:flaco rico:pobre joven:viejo entrar:salir empezar:terminar comprar:vender
encender:apagar ganar:perder llorar:reír amigo:enemigo verdad:mentira guerra:paz temprano:tarde
cerca:lejos arriba:abajo dentro:fuera antes:después siempre:nunca mucho:poco fácil:difícil
barato:caro liviano:pesado valiente:cobarde útil:inútil posible:imposible silencio:ruido
recordar:olvidar aumentar:disminuir
""")

SYNONYMS = _pairs("""
bonito:lindo contento:alegre veloz:rápido comenzar:empezar casa:hogar camino:sendero
enojado:molesto terminar:acabar regresar:volver caminar:andar charlar:conversar mirar:observar
automóvil:coche pelo:cabello profesor:maestro alumno:estudiante médico:doctor idioma:lengua
miedo:temor alegría:felicidad error:equivocación tranquilo:calmado delgado:flaco raro:extraño
complicado:difícil sencillo:simple enorme:gigantesco diminuto:pequeño antiguo:viejo hermoso:bello
cansado:agotado regalo:obsequio elegir:escoger romper:quebrar gritar:chillar lanzar:arrojar
responder:contestar
""")

CATEGORIES: dict[str, tuple[str, ...]] = {
    "frutas": ("manzana", "pera", "uva", "sandía", "melón", "fresa", "mango", "cereza", "piña"),
    "animales": ("perro", "caballo", "vaca", "oveja", "conejo", "león", "tigre", "elefante", "oso"),
    "colores": ("rojo", "azul", "verde", "amarillo", "negro", "blanco", "gris", "morado"),
    "muebles": ("mesa", "silla", "cama", "sofá", "armario", "escritorio", "estante"),
    "prendas de ropa": ("camisa", "pantalón", "falda", "vestido", "abrigo", "bufanda", "gorro"),
    "instrumentos musicales": ("guitarra", "piano", "violín", "flauta", "tambor", "trompeta"),
    "verduras": ("zanahoria", "lechuga", "cebolla", "espinaca", "brócoli", "repollo", "apio"),
    "medios de transporte": ("tren", "avión", "barco", "bicicleta", "autobús", "camión", "metro"),
    "deportes": ("fútbol", "tenis", "baloncesto", "natación", "voleibol", "ciclismo", "boxeo"),
    "herramientas": ("martillo", "serrucho", "destornillador", "taladro", "pala", "rastrillo"),
    "partes del cuerpo": ("mano", "pie", "cabeza", "brazo", "rodilla", "nariz", "codo", "hombro"),
    "aves": ("paloma", "loro", "águila", "gorrión", "búho", "pato", "pingüino", "cisne"),
    "utensilios de cocina": ("cuchara", "tenedor", "olla", "sartén", "cuchillo", "colador"),
    "flores": ("tulipán", "margarita", "girasol", "clavel", "lirio", "orquídea", "amapola"),
    "insectos": ("mosca", "abeja", "hormiga", "mariposa", "mosquito", "grillo", "escarabajo"),
    "bebidas": ("agua", "té", "jugo", "leche", "limonada", "chocolate caliente"),
    "metales": ("hierro", "cobre", "oro", "aluminio", "plomo", "estaño", "zinc"),
    "planetas": ("Mercurio", "Venus", "Marte", "Júpiter", "Saturno", "Urano", "Neptuno"),
    "útiles escolares": ("lápiz", "cuaderno", "regla", "tijeras", "mochila", "goma de borrar"),
}

USES = table("""
un martillo | Para clavar clavos.
una escoba | Para barrer el suelo.
un paraguas | Para protegerse de la lluvia.
un candado | Para cerrar algo y que nadie lo abra.
un lápiz | Para escribir y dibujar.
una tijera | Para cortar papel o tela.
un termómetro | Para medir la temperatura.
un reloj | Para saber qué hora es.
una balanza | Para saber cuánto pesa algo.
una brújula | Para saber dónde está el norte.
un refrigerador | Para mantener fríos los alimentos.
una almohada | Para apoyar la cabeza al dormir.
un ancla | Para que un barco no se mueva.
un telescopio | Para ver de cerca los astros lejanos.
un microscopio | Para ver cosas muy pequeñas.
una aguja | Para coser con hilo.
un peine | Para ordenar el cabello.
un semáforo | Para regular el paso de los autos y los peatones.
una escalera | Para subir y bajar.
un imán | Para atraer objetos de hierro.
una lupa | Para ver las cosas más grandes.
un calendario | Para saber qué día es.
un diccionario | Para buscar el significado de las palabras.
un mapa | Para orientarse en un lugar.
un casco | Para proteger la cabeza de los golpes.
un freno | Para que un vehículo se detenga.
una regadera | Para regar las plantas.
un colador | Para separar lo líquido de lo sólido.
una linterna | Para alumbrar en la oscuridad.
una maleta | Para llevar la ropa en un viaje.
un horno | Para asar y cocer alimentos.
un timbre | Para avisar que alguien llama a la puerta.
un guante | Para abrigar o proteger la mano.
una cremallera | Para cerrar una prenda o un bolso.
""")

DIMINUTIVES = _pairs("""
perro:perrito gato:gatito casa:casita mesa:mesita libro:librito árbol:arbolito flor:florecita
pan:panecito pez:pececito zapato:zapatito ventana:ventanita cuchara:cucharita silla:sillita
pájaro:pajarito papel:papelito camión:camioncito ratón:ratoncito jardín:jardincito
caja:cajita pelota:pelotita sopa:sopita abuelo:abuelito hermana:hermanita vaso:vasito
carta:cartita gallina:gallinita nube:nubecita tren:trencito avión:avioncito canción:cancioncita
""")

RHYMES = _pairs("""
gato:pato luna:cuna canción:ratón casa:masa flor:calor queso:beso camino:molino estrella:botella
ventana:mañana mar:cantar cielo:hielo perro:cerro corazón:limón dedo:miedo carta:cuarta
nido:sonido rosa:mariposa sueño:pequeño viento:cuento nariz:feliz papel:clavel zapato:retrato
botón:jabón manzana:campana llave:nave puente:fuente arena:sirena martillo:castillo
""")

SPELLED = split(
    "sol pan mar luz tren nube piso lago hilo flor gris lana foca tela vino rojo seda humo nido cama "
    "jefe loma queso barco"
)

JOBS = table("""
hace pan | panadero | panadera
apaga incendios | bombero | bombera
corta el pelo | peluquero | peluquera
cura a los animales | veterinario | veterinaria
cuida los dientes | dentista
arregla autos | mecánico | mecánica
hace muebles de madera | carpintero | carpintera
pilota aviones | piloto | aviador | aviadora
reparte las cartas | cartero | cartera
pesca en el mar | pescador | pescadora
cuida un jardín | jardinero | jardinera
vende carne | carnicero | carnicera
repara zapatos | zapatero | zapatera
escribe poemas | poeta | poetisa
pinta cuadros | pintor | pintora
cocina en un restaurante | cocinero | cocinera | chef
atiende las mesas de un restaurante | camarero | camarera | mesero | mesera | mozo
diseña edificios | arquitecto | arquitecta
vende medicinas | farmacéutico | farmacéutica | boticario
cuida ovejas | pastor | pastora | ovejero
estudia los astros | astrónomo | astrónoma
toma fotografías | fotógrafo | fotógrafa
toca el piano | pianista
conduce un taxi | taxista
hace trajes a medida | sastre | modista
arregla tuberías | plomero | plomera | fontanero | fontanera | gásfiter
instala cables eléctricos | electricista
atiende una biblioteca | bibliotecario | bibliotecaria
cultiva la tierra | agricultor | agricultora | campesino | campesina
juzga en un tribunal | juez | jueza
""")

DEMONYMS = table("""
Chile | chileno | chilena
Argentina | argentino | argentina
Perú | peruano | peruana
Colombia | colombiano | colombiana
México | mexicano | mexicana
España | español | española
Uruguay | uruguayo | uruguaya
Paraguay | paraguayo | paraguaya
Bolivia | boliviano | boliviana
Ecuador | ecuatoriano | ecuatoriana
Venezuela | venezolano | venezolana
Cuba | cubano | cubana
Panamá | panameño | panameña
Costa Rica | costarricense | tico | tica
Honduras | hondureño | hondureña
Guatemala | guatemalteco | guatemalteca
El Salvador | salvadoreño | salvadoreña
Nicaragua | nicaragüense
Brasil | brasileño | brasileña
Italia | italiano | italiana
Francia | francés | francesa
Alemania | alemán | alemana
Portugal | portugués | portuguesa
Japón | japonés | japonesa
China | chino | china
Rusia | ruso | rusa
Inglaterra | inglés | inglesa
Irlanda | irlandés | irlandesa
Canadá | canadiense
Egipto | egipcio | egipcia
""")
