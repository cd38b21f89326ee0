"""Las oraciones de los ejemplos que reescriben o copian un texto. Ninguna se usa en dos tipos de tarea."""

from __future__ import annotations

from .words import table

__all__ = [
    "ACCENTS",
    "LOWER",
    "NEGATED",
    "PUNCTUATION",
    "SPELLING",
    "UPPER",
    "WORD_AT",
]


def _lines(text: str) -> tuple[str, ...]:
    return tuple(text.strip().splitlines())


UPPER = _lines("""
El tren sale a las ocho.
Cierra la puerta con llave.
Mañana no hay clases.
Los niños juegan en el patio.
Bienvenidos al museo.
Se venden huevos frescos.
La reunión empieza a las diez.
Cuidado con el perro.
Hoy cenamos pescado.
El ascensor está fuera de servicio.
Gracias por su visita.
Nieva en la montaña.
Feliz cumpleaños, Tomás.
Prohibido fumar en esta sala.
La tienda abre los domingos.
Mi hermana vive lejos.
Quedan dos entradas.
El café se enfría.
Apaga la luz al salir.
Llegaron los libros nuevos.
El gato duerme en el sofá.
Esta semana hay descuentos.
El río creció mucho.
Se busca un cocinero.
Aquí se recicla el vidrio.
Volvemos en diez minutos.
El agua está muy fría.
Mi abuela teje una manta.
""")

LOWER = _lines("""
La biblioteca cierra a las seis.
Tenemos pan recién hecho.
No se permite correr en los pasillos.
Vuelve pronto a casa.
El partido se suspendió por la lluvia.
Hay que regar las plantas.
La salida está a la derecha.
Compré un cuaderno azul.
El bus pasa cada media hora.
Guarde silencio, por favor.
Mi vecino toca la guitarra.
Se alquila una habitación.
Los sábados hay feria.
La sopa lleva zanahoria y papas.
Traigan ropa cómoda.
El perro ladra de noche.
Entrega antes del viernes.
La película dura dos horas.
Ya salió el sol.
El horno debe estar caliente.
Pinté la cerca de blanco.
Los patos nadan en el lago.
Deja las botas en la entrada.
Nos vemos en la plaza.
""")

ACCENTS = _lines("""
Mi mamá compró un sillón.
El avión llegó después del mediodía.
La lección de música fue fácil.
Allí está el árbol más alto.
El ratón se escondió detrás del jarrón.
Mañana iré al jardín botánico.
El público aplaudió la canción.
Raúl perdió su lápiz rojo.
También habrá café y té.
El médico me explicó la razón.
La última página está rota.
Mi tío vendió el camión.
Aquí llovió todo el sábado.
El autobús cruzó la línea del tren.
Sofía practicó natación.
El pájaro voló hacia el balcón.
La máquina funcionó sin energía.
Todavía no sé la dirección.
El héroe salvó a la princesa en el último capítulo.
Inés preparó un postre de limón.
La fábrica cerró en enero por decisión de los dueños.
Julián pidió un jamón entero.
El océano está más frío que ayer.
Él pagó la habitación.
El callejón quedó vacío.
La televisión está en el salón.
Mi corazón latía muy rápido.
Martín dibujó un león.
Encontré un botón en el cajón.
La reunión terminó con una discusión.
El delfín nadó cerca del muelle.
Así empezó la tradición.
""")

PUNCTUATION = _lines("""
Mañana visitaré a mis primos.
El panadero abre temprano.
Perdí mi gorro en la playa.
Hoy almorzamos en el parque.
La directora habló con los padres.
Me gusta leer antes de dormir.
El verano pasado viajamos en tren.
Los bomberos apagaron el fuego.
Ayer se rompió la lavadora.
La maestra corrige los cuadernos.
Mis vecinos tienen tres gatos.
El cartero dejó un paquete.
Nunca olvides tu bufanda.
El pastel necesita más azúcar.
La luna se ve desde mi ventana.
Encontramos conchas en la arena.
Las hormigas llevan hojas.
Aprendí a nadar a los seis años.
El viento cerró la ventana.
Ella cuida las rosas del jardín.
Nuestro equipo ganó por un punto.
El ladrón escapó por el techo.
Vimos un arcoíris sobre el valle.
Mi primo colecciona monedas antiguas.
Las naranjas están maduras.
Todos llegaron a tiempo.
El bebé duerme la siesta.
La carretera tiene muchas curvas.
Dejé las llaves en la cocina.
Esta noche habrá tormenta.
""")

# oración con un hueco | palabra mal escrita | palabra bien escrita
SPELLING = table("""
El _ llegó al puerto. | varco | barco
Mi _ tiene ochenta años. | avuelo | abuelo
Quiero un _ de leche. | baso | vaso
Compramos _ en la feria. | huebos | huevos
El pastor cuida sus _. | obejas | ovejas
La _ da leche. | baca | vaca
Ayer fui al _. | ospital | hospital
Me duele la _. | cabesa | cabeza
Hay que _ las manos. | labarse | lavarse
El _ sale de la chimenea. | umo | humo
En _ hace mucho frío. | imbierno | invierno
La niña _ un cuento. | escrive | escribe
Mi hermano _ en bicicleta. | biaja | viaja
La comida está en la _. | meza | mesa
Nos vemos el _ en el cine. | juebes | jueves
El _ vuela muy alto. | abión | avión
Hay una _ en el azúcar. | ormiga | hormiga
La _ azul me queda bien. | camiza | camisa
El agua está _. | hirbiendo | hirviendo
La _ brilla en el cielo. | estreya | estrella
Se rompió la _ de la puerta. | yave | llave
Mi padre _ en una fábrica. | travaja | trabaja
Quiero _ contigo. | ablar | hablar
El _ es mi animal favorito. | cabayo | caballo
Trajeron la _ en una olla. | zopa | sopa
Cayó mucha _ anoche. | yuvia | lluvia
Hoy _ pastel de manzana. | ay | hay
Fuimos al _ en bus. | colejio | colegio
Abrí la _ para ver la calle. | bentana | ventana
La _ picó al niño. | aveja | abeja
Había mucha _ en la plaza. | jente | gente
Mi prima canta con linda _. | vos | voz
""")

# el asterisco marca dónde va «no»
NEGATED = _lines("""
La puerta *está abierta.
Mi hermano *come carne.
Hoy *hace calor.
Los perros *ladran de noche.
El profesor *llegó temprano.
Nosotros *vivimos cerca del mar.
La tienda *vende zapatos.
Ese libro *es aburrido.
Las gallinas *duermen en el árbol.
Clara *sabe nadar.
El camión *cabe en el garaje.
Mis padres *hablan francés.
La sopa *tiene sal.
El jardín *necesita agua.
Pedro *quiere ir al cine.
Esta silla *es cómoda.
Los vecinos *hicieron ruido.
El bus *para en esta esquina.
Mi computador *funciona bien.
Elena *trabaja los lunes.
La película *termina mal.
El río *pasa por el pueblo.
Tus amigos *vendrán a la fiesta.
El pan *está duro.
La niña *perdió su muñeca.
Estos zapatos *son baratos.
El museo *abre los martes.
Mi tía *usa lentes.
El examen *fue difícil.
Las ventanas *estaban cerradas.
""")

WORD_AT = _lines("""
Los leones descansan bajo un árbol
Nuestra casa tiene techo rojo
Siete barcos cruzaron la bahía
Cada mañana riego mis tomates
Papá arregló la radio vieja
Algunas aves duermen de pie
Traje una caja de lápices
Bajo la cama había un calcetín
Anoche soñé con un dragón
Tres amigos subieron al cerro
Pocas personas conocen esta cueva
Dos ardillas corren por la rama
Juan olvidó su mochila verde
Detrás del muro crece una higuera
Ningún alumno faltó a clase
Muchas gracias por el regalo
Desde el balcón se ve la catedral
Cinco peces nadan en la pecera
Sin abrigo vas a pasar frío
Otro camión bloqueó la carretera
Cuando llueve huele a tierra
Doña Carmen vende empanadas
Entre las rocas hay cangrejos
Quizás mañana salga el sol
Encima del piano hay una lámpara
Toda la familia cantó junta
Sobre la nieve quedaron huellas
Para el postre compré helado
Ese reloj atrasa diez minutos
Contra el muro apoyé la escalera
""")
